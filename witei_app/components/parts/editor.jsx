// Where an answer is written. It starts as a plain editable element, ready with the page; the real editor is fetched on
// the first touch and takes over the very same element, so that not a letter is lost.
import { useEffect, useId, useRef, useState } from "react";
import { useLocation } from "react-router";
import { MenuPanel, fold } from "./menu.jsx";

const PAUSE = 500;
const LONGEST_PAUSE = 2500; // who writes without a pause is kept too, and seen to write
const kept = new Map(); // conversation -> what is written and not sent; outlives remounts and reconnects
const early = new Map(); // conversation -> what was written before its draft was here

let sent = null; // what is being sent and not answered yet: { id, text, at, signal }; outlives remounts too
let restoredUpTo = 0;
// conversation -> the name of the text that is being sent, the same at each try, so that it cannot arrive twice
const names = new Map();
// `crypto.randomUUID` is missing where the page came over plain http.
const newName = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

// What was written and is not yet known to be kept on the server: by whom, so that nobody else on this computer finds it.
// It outlives a reload, the app that was restarted under the page, and a database that was away.
const unkept = {
  name: (owner, id) => `unkept:${owner}:${id}`,
  get(owner, id) {
    try {
      return owner ? sessionStorage.getItem(this.name(owner, id)) : null;
    } catch {
      return null; // storage is switched off
    }
  },
  set(owner, id, content) {
    try {
      if (owner) sessionStorage.setItem(this.name(owner, id), content);
    } catch {
      // as above, or full
    }
  },
  delete(owner, id) {
    try {
      sessionStorage.removeItem(this.name(owner, id));
    } catch {
      // as above
    }
  },
};
// Each has a number, by which the server says that it was kept; never one from before a reload.
let saves = Date.now();
const saved = new Map(); // conversation -> the number of its last save, until that is kept

const isMention = (element) => element.tagName === "SPAN" && /^\d+$/.test(element.dataset.mention ?? "");
const KEEPS = new Set(["P", "DIV", "BR", "STRONG", "B", "EM", "I", "U", "A", "UL", "OL", "LI", "BLOCKQUOTE"]);

// Parsed in a document that never runs; what is not a simple text element is replaced by its content.
function fragmentOf(html) {
  const body = new DOMParser().parseFromString(html ?? "", "text/html").body;
  body.querySelectorAll("script, style, template").forEach((element) => element.remove());
  body.querySelectorAll("*").forEach((element) => {
    if (!KEEPS.has(element.tagName) && !isMention(element)) return element.replaceWith(...element.childNodes);
    for (const { name, value } of [...element.attributes]) {
      if (name === "data-mention") continue;
      if (name !== "href" || !/^(https?:|mailto:|tel:)/i.test(value)) element.removeAttribute(name);
    }
  });
  return body;
}

// Whom one writes to, the address says at once; over a slow line the page follows later, and what is written meanwhile
// belongs to the one that was chosen. Only the composer of the thread, which offers notes, follows the address.
function useChosen(conversationId, followsAddress) {
  const { pathname } = useLocation();
  const [, number] = /^\/conversations\/(\d+)\/?$/.exec(pathname) ?? [];
  return (followsAddress && Number(number)) || conversationId;
}

function escapeHtml(text) {
  return text.replace(/[&<>"]/g, (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[sign]);
}

function asLink(text) {
  const address = text.trim();
  if (/^(https?:\/\/|mailto:|tel:)/i.test(address)) return address;
  if (/^[^\s@/]+@[^\s@/]+$/.test(address)) return `mailto:${address}`;
  return /^[a-z][a-z0-9+.-]*:/i.test(address) && !/^[^/]+:\d+(\/|$)/.test(address) ? "" : `https://${address}`;
}

// XMLHttpRequest, because fetch does not tell how much is on its way.
function post(url, form, onProgress) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", url);
    request.setRequestHeader("X-Requested-With", "witei");
    request.responseType = "json";
    request.upload.onprogress = ({ loaded, total }) => onProgress(total ? Math.floor((loaded / total) * 100) : 0);
    request.onload = () => resolve({ ok: request.status < 300, result: request.response ?? {} });
    request.onerror = reject;
    request.send(form);
  });
}

function Sign({ name }) {
  return <svg className="icon" aria-hidden="true"><use href={`/icons.svg#${name}`} /></svg>;
}

function Tool({ name, label, hint, isRoomy, ...rest }) {
  const title = hint ? `${label} (${hint})` : label;
  return (
    <button type="button" className={`button quiet square ${isRoomy ? "roomy" : ""}`} aria-label={label} title={title}
      onMouseDown={(event) => event.preventDefault()} {...rest}>
      <Sign name={name} />
    </button>
  );
}

function LinkForm({ rich, labels, onDone }) {
  const [address, setAddress] = useState("");
  const isLink = rich?.isActive("link");
  useEffect(() => setAddress(rich?.getAttributes("link").href ?? ""), [rich]);
  const apply = (event) => {
    event.preventDefault();
    const href = asLink(address);
    if (!href || !rich) return;
    const { empty } = rich.state.selection;
    const chain = rich.chain().focus().extendMarkRange("link");
    if (empty && !isLink) chain.insertContent({ type: "text", text: address.trim(), marks: [{ type: "link", attrs: { href } }] }).run();
    else chain.setLink({ href }).run();
    onDone();
  };
  const remove = () => {
    rich.chain().focus().extendMarkRange("link").unsetLink().run();
    onDone();
  };
  return (
    <form onSubmit={apply}>
      <input className="input" data-first="" inputMode="url" aria-label={labels.address} placeholder="https://" value={address}
        onChange={(event) => setAddress(event.target.value)} />
      <button type="submit" className="button primary">{labels.apply}</button>
      {isLink && <button type="button" className="button" onClick={remove}>{labels.remove}</button>}
    </form>
  );
}

function TemplateList({ templates, isKnown, labels, onPick, onSlash }) {
  const [search, setSearch] = useState("");
  const parts = fold(search).split(/\s+/);
  const found = (isKnown ? templates : []).filter((one) => {
    const words = fold(`${one.folder} ${one.title} ${fragmentOf(one.html).textContent}`);
    return parts.every((part) => words.includes(part));
  });
  const onKeyDown = (event) => {
    const isSlash = event.key === "/" && !search; // who presses it twice means the sign
    if (!isSlash && (event.key !== "Enter" || !found.length)) return;
    event.preventDefault();
    event.currentTarget.closest("[popover]").hidePopover();
    if (isSlash) onSlash();
    else onPick(found[0]);
  };
  return (
    <>
      <input className="input" data-first="" type="search" aria-label={labels.searchTemplates} value={search}
        placeholder={labels.searchTemplates} onChange={(event) => setSearch(event.target.value)} onKeyDown={onKeyDown} />
      <div className="found" aria-busy={!isKnown}>
        {found.map((one) => (
          <button type="button" key={one.id} className="item" onClick={() => onPick(one)}>
            <b className="cut">{one.folder ? `${one.folder} › ${one.title}` : one.title}</b>
            <span className="cut">{fragmentOf(one.html.replace(/<\/(?:p|li|div)>|<br/gi, " $&")).textContent}</span>
          </button>
        ))}
        {isKnown && !found.length && <p className="heading">{templates.length ? labels.noTemplate : labels.noTemplates}</p>}
      </div>
    </>
  );
}

export function MessageEditor({
  conversationId, owner = 0, initialHtml = "", draftTurn, shownNumber = 0, keptSave, askSignal, clearSignal, restored, restoreSignal, isSending, isDisabled, isNote, colleagues = [], hasSignature, signatureHtml, invitation,
  labels, language = "en", templates = [], uploadUrl = "", mostMb = 0, hasFiles, offersQuote, offersSignature, offersNote,
  onSend, onSendAndArchive, onChange, onTemplates, onTemplate, onToggleSignature, onToggleNote, onAttachQuote, onAttached, children,
}) {
  const own = useId(); // there may be two editors on a page
  const chosenId = useChosen(conversationId, offersNote);
  const isHere = chosenId === conversationId;
  const surface = useRef(null);
  const picker = useRef(null);
  const emojiPanel = useRef(null);
  const rich = useRef(null);
  const forget = useRef(null);
  const loading = useRef(null);
  const shown = useRef(""); // what was put there, until somebody writes
  const draft = useRef({ id: null, timer: 0 });
  const [, redraw] = useState(0);
  const [isEmpty, setIsEmpty] = useState(true);
  const [uploads, setUploads] = useState([]);
  const [failures, setFailures] = useState([]);
  const [isOver, setOver] = useState(false);
  const [openTurn, setOpenTurn] = useState(0); // a panel that is opened begins anew

  const text = () => (rich.current ? rich.current.getText({ blockSeparator: "\n" }) : surface.current.innerText);
  const html = () => {
    if (!text().trim()) return "";
    if (rich.current) return rich.current.getHTML();
    if (shown.current) return shown.current; // a draft that nobody has touched, with all its marks
    return text().replace(/\n$/, "").split("\n").map((line) => `<p>${escapeHtml(line)}</p>`).join("");
  };

  const show = (content) => {
    shown.current = content || "";
    if (rich.current) rich.current.commands.setContent(content || "", { emitUpdate: false });
    else surface.current.replaceChildren(...fragmentOf(content).childNodes);
    setIsEmpty(!text().trim());
  };

  const save = () => {
    clearTimeout(draft.current.timer);
    if (!draft.current.timer) return;
    draft.current.timer = draft.current.since = 0;
    saves += 1;
    saved.set(draft.current.id, saves);
    onChange?.(draft.current.id, html(), saves);
  };

  const saveAgain = () => {
    if (draft.current.isAwaited || unkept.get(owner, draft.current.id) === null) return;
    draft.current.timer ||= -1;
    save();
  };

  const written = () => {
    const { id, timer } = draft.current;
    shown.current = "";
    setIsEmpty(!text().trim());
    if (!id) return;
    if (draft.current.isAwaited) early.set(id, html());
    if (sent?.id === id && sent.text.trim() === text().trim()) return; // the editor took over what is on its way
    saved.delete(id);
    unkept.set(owner, id, html());
    if (draft.current.isAwaited) return;
    kept.set(id, html());
    clearTimeout(timer);
    draft.current.since ||= Date.now();
    const left = draft.current.since + LONGEST_PAUSE - Date.now();
    draft.current.timer = setTimeout(save, Math.max(0, Math.min(PAUSE, left)));
  };
  const listeners = useRef({});
  listeners.current = { written, save, colleagues: isNote ? colleagues : [], language };

  const load = () => {
    loading.current ??= import("./rich_text.jsx")
      .then(async ({ takeOver, forgetPast }) => {
        if (surface.current?.dataset.composing) {
          await new Promise((done) => surface.current.addEventListener("compositionend", () => setTimeout(done), { once: true }));
        }
        if (!surface.current || rich.current) return;
        rich.current = takeOver(surface.current, {
          onUpdate: () => listeners.current.written(),
          onState: () => redraw((count) => count + 1),
          colleagues: () => listeners.current.colleagues,
          language: () => listeners.current.language,
          labels,
        });
        forget.current = forgetPast;
        rich.current.setEditable(!isDisabled, false);
        redraw((count) => count + 1);
      })
      .catch(() => { loading.current = null; }); // away for a moment: plain text goes on working
    return loading.current;
  };

  const insert = async (content, isHtml) => {
    await load();
    const value = isHtml ? fragmentOf(content).innerHTML : content;
    if (rich.current) rich.current.chain().focus().insertContent(isHtml ? value : { type: "text", text: value }).run();
    else {
      surface.current.focus();
      document.execCommand("insertText", false, isHtml ? fragmentOf(content).textContent : content);
    }
  };

  const act = (change) => async () => {
    await load();
    if (rich.current) change(rich.current.chain().focus()).run();
  };

  // What was written before its draft was here stands below it; whoever still writes goes on where they are.
  const join = () => {
    const { id } = draft.current;
    draft.current.isAwaited = false;
    if (!early.delete(id)) return show(initialHtml);
    const before = fragmentOf(initialHtml);
    if (rich.current) rich.current.commands.insertContentAt(0, before.innerHTML, { updateSelection: false });
    else surface.current.prepend(...before.childNodes);
    written();
  };

  useEffect(() => {
    const isOther = draft.current.id !== chosenId;
    if (isOther) {
      save(); // what was written to the one before belongs to it
      const known = early.has(chosenId) ? null : (kept.get(chosenId) ?? unkept.get(owner, chosenId));
      draft.current.id = chosenId || null;
      draft.current.isAwaited = known === null;
      show(known ?? early.get(chosenId));
    }
    if (isHere && draft.current.isAwaited) join();
    if (isOther && rich.current) forget.current(rich.current);
    if (isHere) saveAgain();
  }, [chosenId, isHere]);

  // They are filled for one contact: those of the conversation before are offered to nobody.
  const [filledFor, setFilledFor] = useState(null);
  const [askedWith, setAskedWith] = useState(null);
  useEffect(() => setFilledFor(conversationId), [templates]);
  const areFilled = filledFor === chosenId && (templates.length > 0 || templates !== askedWith);

  useEffect(() => {
    if (askSignal) saveAgain();
  }, [askSignal]);

  useEffect(() => {
    for (const [id, number] of saved) {
      if (number !== keptSave) continue;
      saved.delete(id);
      unkept.delete(owner, id);
    }
  }, [keptSave]);

  // The server has read the draft anew: another tab of the same user may have written in it, or sent it.
  const turn = useRef(draftTurn);
  useEffect(() => {
    if (draftTurn === turn.current) return;
    turn.current = draftTurn;
    if (!isHere) return;
    const { id, timer } = draft.current;
    if (timer || sent?.id === id || unkept.get(owner, id) !== null) return;
    kept.delete(id);
    show(initialHtml);
  }, [draftTurn]);

  useEffect(() => {
    if (isHere && initialHtml && !kept.has(conversationId) && !text().trim()) show(initialHtml);
  }, [initialHtml]);

  useEffect(() => {
    if (!sent || sent.signal === clearSignal) return;
    const { id: from, text: gone, signal } = sent;
    sent = null;
    if (clearSignal < signal) return; // the server has begun anew and knows nothing of it: the text stays
    names.delete(from);
    unkept.delete(owner, from);
    kept.set(from, ""); // not deleted: `initialHtml` may still be the draft that was just sent
    if (from !== draft.current.id) return;
    clearTimeout(draft.current.timer);
    draft.current.timer = 0;
    const rest = text().startsWith(gone) ? text().slice(gone.length).trimStart() : "";
    show(rest ? `<p>${escapeHtml(rest).replace(/\n/g, "</p><p>")}</p>` : "");
    if (rest) written();
  }, [clearSignal]);

  useEffect(() => {
    const isNews = restoreSignal > restoredUpTo; // 0 is a server that has begun anew
    restoredUpTo = restoreSignal ?? 0;
    if (!isNews) return;
    kept.delete(restored); // what was sent from there is its draft again
    if (isHere && restored === draft.current.id) show(initialHtml);
  }, [restoreSignal]);

  useEffect(() => rich.current?.setEditable(!isDisabled, false), [isDisabled]);

  useEffect(() => {
    const element = surface.current;
    const leave = () => listeners.current.save();
    addEventListener("pagehide", leave);
    return () => {
      removeEventListener("pagehide", leave);
      leave();
      rich.current?.destroy();
      rich.current = loading.current = null;
      element.replaceChildren();
    };
  }, []);

  const ofThis = (others) => others.filter(({ id }) => id === (chosenId || null)); // files are of one conversation
  const isOnItsWay = ofThis(uploads).length > 0;

  const send = (handler = onSend) => {
    const content = html();
    const { id } = draft.current;
    const isTwice = sent?.id === id && sent.text === text() && Date.now() - sent.at < 500;
    if ((!content && !hasFiles) || isDisabled || isSending || !isHere || isTwice || isOnItsWay) return;
    clearTimeout(draft.current.timer);
    draft.current.timer = 0;
    const isBehindAnother = sent?.id === id && sent.text !== text(); // which is not on this screen yet
    sent = { id, text: text(), at: Date.now(), signal: clearSignal };
    if (names.get(id)?.content !== content) names.set(id, { content, name: newName() });
    handler?.(id, content, names.get(id).name, Boolean(isNote), isBehindAnother ? 0 : shownNumber);
  };
  const canArchive = onSendAndArchive && !isNote;
  const cannotSend = isDisabled || isSending || !isHere;

  const isOnEmptyLine = () => {
    if (!rich.current) return !text().trim();
    const { empty, $from } = rich.current.state.selection;
    return empty && $from.parent.content.size === 0;
  };

  const onKeyDown = (event) => {
    if (event.key === "/" && onTemplates && isOnEmptyLine()) {
      event.preventDefault();
      document.getElementById(`${own}-templates`).showPopover();
      return;
    }
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      event.stopPropagation();
      send(event.shiftKey && canArchive ? onSendAndArchive : onSend);
    } else if (event.key === "Escape" && !event.target.hasAttribute("aria-activedescendant")) event.target.blur();
  };

  const upload = async (files) => {
    const { id } = draft.current; // the conversation that they were meant for, whatever is opened meanwhile
    setFailures((others) => others.filter((one) => one.id !== id));
    for (const file of files) await uploadOne(id, file);
  };

  const uploadOne = async (id, file) => {
    const fail = (words) => setFailures((others) => [...others, { id, words }]);
    if (mostMb && file.size > mostMb * 1024 * 1024) return fail(labels.tooLarge.replace("{name}", file.name));
    const turn = {};
    const show = (percent) =>
      setUploads((others) => [...others.filter((one) => one.turn !== turn), { turn, id, name: file.name, percent }]);
    show(0);
    try {
      const form = new FormData();
      form.append("conversation", id ?? "");
      form.append("file", file);
      const { ok, result } = await post(uploadUrl, form, show);
      if (ok) onAttached?.(result.id);
      else fail(result.error ?? labels.uploadFailed);
    } catch {
      fail(labels.uploadFailed);
    }
    setUploads((others) => others.filter((one) => one.turn !== turn));
  };

  const onPaste = (event) => {
    const files = [...event.clipboardData.files];
    if (files.length && uploadUrl && !event.clipboardData.types.includes("text/html")) {
      event.preventDefault();
      event.stopPropagation();
      upload(files);
    } else if (!rich.current) {
      event.preventDefault();
      document.execCommand("insertText", false, event.clipboardData.getData("text/plain"));
    }
  };

  const onDrag = (event) => {
    if (!uploadUrl || !event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    setOver(event.type === "dragover" || event.currentTarget.contains(event.relatedTarget));
  };

  const onDrop = (event) => {
    setOver(false);
    if (!uploadUrl || !event.dataTransfer.files.length) return;
    event.preventDefault();
    upload([...event.dataTransfer.files]);
  };

  const chooseEmoji = async () => {
    const panel = emojiPanel.current;
    const { openPicker } = await import("./emoji.jsx");
    openPicker(panel, language, (sign) => {
      panel.closest("[popover]").hidePopover();
      insert(sign, false);
    });
  };

  const insertTemplate = (template) => {
    document.getElementById(`${own}-templates`).hidePopover();
    insert(template.html, true);
    onTemplate?.(template.id);
  };

  const isOn = (name) => Boolean(rich.current?.isActive(name));
  return (
    <div onDrop={onDrop} onDragOver={onDrag} onDragLeave={onDrag}>
      {isOver && <div className="drop">{labels.drop}</div>}
      <div className="text" onPointerEnter={load}>
        {isEmpty && <div className="invitation" aria-hidden="true">{invitation}</div>}
        <div ref={surface} className="prose" role="textbox" aria-multiline="true" aria-label={labels.message} aria-keyshortcuts="r" data-command={labels.reply}
          contentEditable={!isDisabled} suppressContentEditableWarning onFocus={load} onInput={() => !rich.current && written()}
          onCompositionStart={() => { surface.current.dataset.composing = "1"; }}
          onCompositionEnd={() => { delete surface.current.dataset.composing; }}
          onKeyDownCapture={onKeyDown} onPasteCapture={onPaste} onBlur={save} />
      </div>
      {hasSignature && !isNote && signatureHtml ? (
        <div className="signature prose" dangerouslySetInnerHTML={{ __html: signatureHtml }} />
      ) : null}
      {children}
      {isOnItsWay && (
        <div className="files" role="status">
          {ofThis(uploads).map(({ name, percent }, place) => (
            <span className="file" key={place}>
              <Sign name="clip" /><span className="cut">{labels.uploading} {name}</span>
              <progress max="100" value={percent} aria-label={name} />
            </span>
          ))}
        </div>
      )}
      {ofThis(failures).length > 0 && (
        <div className="files" role="alert">
          {ofThis(failures).map(({ words }, place) => <span className="chip failed" key={place}>{words}</span>)}
        </div>
      )}
      <div className="bar" role="toolbar" aria-label={labels.toolbar}>
        <Tool name="bold" label={labels.bold} hint="Ctrl+B" aria-pressed={isOn("bold")} onClick={act((chain) => chain.toggleBold())} />
        <Tool name="italic" label={labels.italic} hint="Ctrl+I" aria-pressed={isOn("italic")} onClick={act((chain) => chain.toggleItalic())} />
        <Tool isRoomy name="bullets" label={labels.bullets} aria-pressed={isOn("bulletList")} onClick={act((chain) => chain.toggleBulletList())} />
        <Tool isRoomy name="citation" label={labels.citation} aria-pressed={isOn("blockquote")} onClick={act((chain) => chain.toggleBlockquote())} />
        <Tool name="link" label={labels.link} aria-haspopup="dialog" popoverTarget={`${own}-link`} onClick={load} />
        <span className="gap" />
        <Tool name="smile" label={labels.emoji} aria-haspopup="dialog" popoverTarget={`${own}-emoji`} />
        {onTemplates && (
          <Tool name="template" label={labels.template} hint="/" aria-haspopup="dialog" popoverTarget={`${own}-templates`} data-command="" />
        )}
        {uploadUrl && <Tool name="clip" label={labels.file} onClick={() => picker.current.click()} />}
        {offersQuote && <Tool name="quote" label={labels.quote} onClick={() => onAttachQuote?.()} />}
        {offersSignature && !isNote && <Tool name="sign" label={labels.signature} aria-pressed={Boolean(hasSignature)} onClick={() => onToggleSignature?.()} />}
        <span className="end">
          {offersNote && (
            <button type="button" className="button quiet" aria-pressed={Boolean(isNote)} title={labels.noteHint} aria-keyshortcuts="n" data-command={labels.noteCommand}
              onMouseDown={(event) => event.preventDefault()} onClick={() => onToggleNote?.()}>{labels.note}</button>
          )}
          <span className={canArchive ? "split-button" : ""}>
            <button type="button" className="button primary" disabled={cannotSend} title={labels.sendHint} onClick={() => send()}>
              {labels.send}
            </button>
            {canArchive && (
              <button type="button" className="button primary square" disabled={cannotSend} aria-label={labels.more} title={labels.more}
                aria-haspopup="menu" popoverTarget={`${own}-send`}><Sign name="down" /></button>
            )}
          </span>
        </span>
      </div>
      <input ref={picker} type="file" multiple hidden onChange={(event) => { upload([...event.target.files]); event.target.value = ""; }} />
      {canArchive && (
        <MenuPanel id={`${own}-send`} label={labels.more}>
          <button type="button" role="menuitem" tabIndex={-1} className="item" onClick={() => send(onSendAndArchive)}>
            <Sign name="archive" />{labels.sendAndArchive}<span className="hint">Ctrl+Shift+Enter</span>
          </button>
        </MenuPanel>
      )}
      <MenuPanel id={`${own}-link`} role="dialog" label={labels.link} className="popover"
        onOpen={() => setOpenTurn((turn) => turn + 1)}>
        <LinkForm key={openTurn} rich={rich.current} labels={labels} onDone={() => document.getElementById(`${own}-link`).hidePopover()} />
      </MenuPanel>
      <MenuPanel id={`${own}-templates`} role="dialog" label={labels.template} className="templates" onOpen={() => {
        setOpenTurn((turn) => turn + 1);
        setAskedWith(templates);
        onTemplates?.();
      }}>
        <TemplateList key={openTurn} templates={templates} isKnown={areFilled} labels={labels} onPick={insertTemplate} onSlash={() => insert("/", false)} />
      </MenuPanel>
      <MenuPanel id={`${own}-emoji`} role="dialog" label={labels.emoji} className="emoji" onOpen={chooseEmoji}>
        <div ref={emojiPanel} style={{ minHeight: 320, minWidth: 300 }} />
      </MenuPanel>
    </div>
  );
}
