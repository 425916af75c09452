// The buttons below the text.

export function Sign({ name }) {
  return <svg className="icon" aria-hidden="true"><use href={`/icons.svg#${name}`} /></svg>;
}

// A press leaves the focus, and with it the selection, in the text.
const keepFocus = (event) => event.preventDefault();
// An address that was not made a chip yet is made one by leaving its field.
const stayInText = (event) => document.activeElement.isContentEditable && keepFocus(event);

function Tool({ name, label, hint, isRoomy, ...rest }) {
  const title = hint ? `${label} (${hint})` : label;
  return (
    <button type="button" className={`button quiet square ${isRoomy ? "roomy" : ""}`} aria-label={label} title={title}
      onMouseDown={keepFocus} {...rest}>
      <Sign name={name} />
    </button>
  );
}

function Marks({ writing, labels }) {
  const mark = (name, change, label, more) => (
    <Tool {...more} label={label} aria-pressed={writing.isOn(name)} onClick={writing.act((chain) => chain[change]())} />
  );
  return (
    <>
      {mark("bold", "toggleBold", labels.bold, { name: "bold", hint: "Ctrl+B" })}
      {mark("italic", "toggleItalic", labels.italic, { name: "italic", hint: "Ctrl+I" })}
      {mark("bulletList", "toggleBulletList", labels.bullets, { name: "bullets", isRoomy: true })}
      {mark("blockquote", "toggleBlockquote", labels.citation, { name: "citation", isRoomy: true })}
    </>
  );
}

function SendButton({ labels, isOff, menu, onSend }) {
  return (
    <span className={menu ? "split-button" : ""}>
      <button type="button" className="button primary" disabled={isOff} title={labels.sendHint} onMouseDown={stayInText}
        onClick={onSend}>
        {labels.send}
      </button>
      {menu && (
        <button type="button" className="button primary square" disabled={isOff} aria-label={labels.more} title={labels.more}
          aria-haspopup="menu" popoverTarget={menu}><Sign name="down" /></button>
      )}
    </span>
  );
}

// `panel(name)` is the id of the panel that a button opens; what has no handler, or is not offered, has no button.
export function Toolbar({
  writing, labels, panel, isNote, hasSignature, offersQuote, offersSignature, offersNote, hasTemplates, cannotSend, canArchive,
  onFile, onAttachQuote, onToggleSignature, onToggleNote, onSend,
}) {
  return (
    <div className="bar" role="toolbar" aria-label={labels.toolbar}>
      <span className="tools">
        <Marks writing={writing} labels={labels} />
        <Tool name="link" label={labels.link} aria-haspopup="dialog" popoverTarget={panel("link")} onClick={writing.load} />
        <span className="gap" />
        <Tool name="smile" label={labels.emoji} aria-haspopup="dialog" popoverTarget={panel("emoji")} />
        {hasTemplates && (
          <Tool name="template" label={labels.template} hint="/" aria-haspopup="dialog" popoverTarget={panel("templates")} data-command="" />
        )}
        {onFile && <Tool name="clip" label={labels.file} onClick={onFile} />}
        {offersQuote && <Tool name="quote" label={labels.quote} onClick={() => onAttachQuote?.()} />}
        {offersSignature && !isNote && (
          <Tool name="sign" label={labels.signature} aria-pressed={Boolean(hasSignature)} onClick={() => onToggleSignature?.()} />
        )}
      </span>
      <span className="end">
        {offersNote && (
          <button type="button" className="button quiet" aria-pressed={Boolean(isNote)} title={labels.noteHint} aria-keyshortcuts="n"
            data-command={labels.noteCommand} onMouseDown={keepFocus} onClick={() => { onToggleNote?.(); writing.focus(); }}>{labels.note}</button>
        )}
        <SendButton labels={labels} isOff={cannotSend} menu={canArchive && panel("send")} onSend={onSend} />
      </span>
    </div>
  );
}
