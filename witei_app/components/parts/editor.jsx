// Where an answer is written: the text, its draft, its files, and the buttons below.
import { useEffect, useId, useRef, useState } from "react";
import { useLocation } from "react-router";
import { useDraft } from "./draft.jsx";
import { unkeptKind } from "./kept.jsx";
import { leave } from "./keys.jsx";
import { conversationIn } from "./of_address.jsx";
import { Panels } from "./panels.jsx";
import { Toolbar } from "./toolbar.jsx";
import { Uploads, useUploads } from "./uploads.jsx";
import { useWriting } from "./writing.jsx";

// Whom one writes to, the address says at once; over a slow line the page follows later, and what is written meanwhile
// belongs to the one that was chosen. Only the composer of the thread, which offers notes, follows the address.
function useChosen(conversationId, followsAddress) {
  const { pathname } = useLocation();
  return (followsAddress && conversationIn(pathname)) || conversationId;
}

// What is pressed counts at once, also while the server has not answered: a note must not go to the contact because the
// line is slow; what the server says to a press before the last is out of date. What a reload kept from it is said again.
function useKind(place, { isNote, noteTurn = 0, owner, chosenId, isOpening, onToggleNote }) {
  const [wanted, setWanted] = useState(null);
  const turn = useRef(0); // of the last press
  const isOne = wanted ?? Boolean(isNote);
  const tell = (next) => {
    turn.current = Math.max(Date.now(), turn.current + 1);
    onToggleNote?.(next, turn.current);
  };
  useEffect(() => {
    const left = unkeptKind.get(owner, chosenId);
    setWanted(left && left === "note");
    if (left && !isOpening) tell(left === "note");
  }, [chosenId, isOpening]);
  useEffect(() => {
    if (wanted !== null) place.current.closest(".composer")?.classList.toggle("note", wanted);
    if (wanted !== Boolean(isNote) || isOpening || noteTurn < turn.current) return;
    setWanted(null);
    unkeptKind.delete(owner, chosenId);
  }, [wanted, isNote, noteTurn, isOpening]);
  const toggle = () => {
    setWanted(!isOne);
    unkeptKind.set(owner, chosenId, isOne ? "answer" : "note");
    tell(!isOne);
  };
  return [isOne, toggle];
}

// Why a press on Send did nothing, for as long as that is so. `shown` is of what it was said.
function useReason(shown) {
  const [reason, setReason] = useState("");
  useEffect(() => setReason(""), shown);
  return [reason, setReason];
}

// What stands in the text while it is empty, and what is written.
function Text({ writing, labels, invitation, isDisabled, onWritten, onKeyDown, onPaste, onBlur }) {
  const { surface } = writing;
  return (
    <div className="text" onPointerEnter={writing.load}>
      {writing.isEmpty && <div className="invitation" aria-hidden="true">{invitation}</div>}
      <div ref={surface} className="prose" role="textbox" aria-multiline="true" aria-label={labels.message} aria-keyshortcuts="r"
        data-command={labels.reply} contentEditable={!isDisabled} suppressContentEditableWarning onFocus={writing.begin}
        onInput={() => !writing.rich() && onWritten()} onKeyDownCapture={onKeyDown} onPasteCapture={onPaste} onBlur={onBlur}
        onCompositionStart={() => { surface.current.dataset.composing = "1"; }}
        onCompositionEnd={() => { delete surface.current.dataset.composing; }} />
    </div>
  );
}

export function MessageEditor({
  conversationId, owner = 0, initialHtml = "", shownNumber = 0, isSending, isDisabled, colleagues = [], hasSignature, signatureHtml,
  invitation, labels, language = "en", templates = [], uploadUrl = "", mostMb = 0, hasFiles, mayBeEmpty, clearSignal, children,
  onSend, onSendAndArchive, onChange, onTemplates, onTemplate, onAttached, ...rest
}) {
  const own = useId(); // there may be two editors on a page
  const panel = (name) => `${own}-${name}`;
  const place = useRef(null);
  const picker = useRef(null);
  const chosenId = useChosen(conversationId, rest.offersNote);
  const isOpening = chosenId !== conversationId;
  const [isNote, onToggleNote] = useKind(place, { ...rest, owner, chosenId, isOpening });
  const writing = useWriting({
    isDisabled, labels, language, colleagues: isNote ? colleagues : [], onWritten: () => draft.written(),
  });
  const draft = useDraft(writing, { ...rest, chosenId, conversationId, owner, initialHtml, isNote, onChange, clearSignal });
  const files = useUploads({ place, id: chosenId || null, url: uploadUrl, mostMb, labels, onAttached });
  const cannotSend = isDisabled || isSending || isOpening;
  const canArchive = onSendAndArchive && !isNote;
  const [reason, setReason] = useReason([writing.isEmpty, files.onTheirWay.length, hasFiles, isOpening, clearSignal]);

  const said = draft.isTooLong ? labels.tooLong : reason;

  const isBlank = () => !mayBeEmpty && !hasFiles && !writing.html();
  const whyNot = () => {
    if (isOpening) return labels.opening;
    if (files.onTheirWay.length) return labels.filesFirst;
    if (draft.isTooLong) return labels.tooLong;
    return isBlank() && !draft.justTaken() ? labels.nothing : "";
  };
  const send = (handler) => {
    if (isDisabled || isSending) return;
    const why = whyNot();
    setReason(why);
    if (why || isBlank()) return;
    const out = draft.take(clearSignal);
    if (out) files.forget();
    if (out) handler?.(out.id, out.content, out.name, Boolean(isNote), out.isBehindAnother ? 0 : shownNumber);
  };

  const onKeyDown = (event) => {
    if (event.key === "/" && onTemplates && writing.isOnEmptyLine()) {
      event.preventDefault();
      document.getElementById(panel("templates")).showPopover();
    } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      event.stopPropagation();
      send(event.shiftKey && canArchive ? onSendAndArchive : onSend);
    } else if (event.key === "Escape" && !event.target.hasAttribute("aria-activedescendant")) {
      if (event.target.closest("dialog")) event.stopPropagation(); // it closes, which the real editor would forbid
      else leave(event.target);
    }
  };

  const onPaste = (event) => {
    if (files.tookFiles(event)) return;
    files.tookPictures(event);
    if (writing.rich()) return;
    event.preventDefault();
    document.execCommand("insertText", false, event.clipboardData.getData("text/plain"));
  };

  return (
    <div ref={place}>
      {files.isOver && <div className="drop">{labels.drop}</div>}
      <Text {...{ writing, labels, invitation, isDisabled, onKeyDown, onPaste }} onWritten={draft.written} onBlur={draft.save} />
      {hasSignature && !isNote && signatureHtml ? (
        <div className="signature prose" dangerouslySetInnerHTML={{ __html: signatureHtml }} />
      ) : null}
      {children}
      <Uploads {...files} labels={labels} />
      {said && <div className="files" role="alert"><span className="chip failed">{said}</span></div>}
      <Toolbar {...rest} {...{ writing, labels, panel, isNote, onToggleNote, hasSignature, cannotSend, canArchive }}
        hasTemplates={Boolean(onTemplates)} onFile={uploadUrl && (() => picker.current.click())} onSend={() => send(onSend)} />
      <input ref={picker} type="file" multiple hidden
        onChange={(event) => { files.upload([...event.target.files]); event.target.value = ""; }} />
      <Panels {...{ panel, labels, writing, language, templates, conversationId, chosenId, onTemplates, onTemplate }}
        onSendAndArchive={canArchive && (() => send(onSendAndArchive))} />
    </div>
  );
}
