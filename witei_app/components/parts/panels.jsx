// The panels that the buttons below the text open: a link's address, templates, emoji, other ways to send.
import { useEffect, useRef, useState } from "react";
import { MenuPanel, fold } from "./menu.jsx";
import { fragmentOf } from "./safe_html.jsx";
import { Sign } from "./toolbar.jsx";

function asLink(text) {
  const address = text.trim();
  if (/^(https?:\/\/|mailto:|tel:)/i.test(address)) return address;
  if (/^[^\s@/]+@[^\s@/]+$/.test(address)) return `mailto:${address}`;
  if (!address || /\s/.test(address)) return "";
  return /^[a-z][a-z0-9+.-]*:/i.test(address) && !/^[^/]+:\d+(\/|$)/.test(address) ? "" : `https://${address}`;
}

function LinkForm({ rich, labels, onDone }) {
  const [address, setAddress] = useState("");
  const [isRefused, setRefused] = useState(false);
  const isLink = rich?.isActive("link");
  useEffect(() => setAddress(rich?.getAttributes("link").href ?? ""), [rich]);
  const apply = (event) => {
    event.preventDefault();
    const href = asLink(address);
    setRefused(!href);
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
        aria-invalid={isRefused} onChange={(event) => { setAddress(event.target.value); setRefused(false); }} />
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
      <div className="ready" aria-busy={!isKnown}>
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

// Templates are filled for one contact: those of the conversation before are offered to nobody.
function TemplatePanel({ id, templates, conversationId, chosenId, labels, writing, onTemplates, onTemplate }) {
  const [filledFor, setFilledFor] = useState(null);
  const [askedWith, setAskedWith] = useState(null);
  const [turn, setTurn] = useState(0); // what is opened begins anew
  useEffect(() => setFilledFor(conversationId), [templates]);
  const isKnown = filledFor === chosenId && (templates.length > 0 || templates !== askedWith);
  const ask = () => {
    setTurn((before) => before + 1);
    setAskedWith(templates);
    onTemplates?.();
  };
  const pick = (template) => {
    document.getElementById(id).hidePopover();
    writing.insert(template.html, true);
    onTemplate?.(template.id);
  };
  return (
    <MenuPanel id={id} role="dialog" label={labels.template} className="templates" onOpen={ask}>
      <TemplateList key={turn} templates={templates} isKnown={isKnown} labels={labels} onPick={pick}
        onSlash={() => writing.insert("/", false)} />
    </MenuPanel>
  );
}

function LinkPanel({ id, labels, writing }) {
  const [turn, setTurn] = useState(0);
  return (
    <MenuPanel id={id} role="dialog" label={labels.link} className="popover" onOpen={() => setTurn((before) => before + 1)}>
      <LinkForm key={turn} rich={writing.rich()} labels={labels} onDone={() => document.getElementById(id).hidePopover()} />
    </MenuPanel>
  );
}

function EmojiPanel({ id, labels, language, writing }) {
  const place = useRef(null);
  const choose = async () => {
    const { openPicker } = await import("./emoji.jsx");
    openPicker(place.current, language, (sign) => {
      document.getElementById(id).hidePopover();
      writing.insert(sign, false);
    });
  };
  return (
    <MenuPanel id={id} role="dialog" label={labels.emoji} className="emoji" onOpen={choose}>
      <div ref={place} style={{ minHeight: 320, minWidth: 300 }} />
    </MenuPanel>
  );
}

export function Panels({ panel, labels, writing, language, onSendAndArchive, ...templates }) {
  return (
    <>
      {onSendAndArchive && (
        <MenuPanel id={panel("send")} label={labels.more}>
          <button type="button" role="menuitem" tabIndex={-1} className="item" onClick={onSendAndArchive}>
            <Sign name="archive" />{labels.sendAndArchive}<span className="hint">Ctrl+Shift+Enter</span>
          </button>
        </MenuPanel>
      )}
      <LinkPanel id={panel("link")} labels={labels} writing={writing} />
      <TemplatePanel id={panel("templates")} labels={labels} writing={writing} {...templates} />
      <EmojiPanel id={panel("emoji")} labels={labels} language={language} writing={writing} />
    </>
  );
}
