// What floats over the page. The platform does the hard part: `popover` closes on Esc and on a click outside and gives
// the focus back, `<dialog>` keeps the focus inside. Here is only what it leaves out: the place and the arrow keys.
import { useEffect, useRef } from "react";

const GAP = 6;
const EDGE = 8;

function place(panel, anchor) {
  const at = anchor.getBoundingClientRect();
  const { width, height } = panel.getBoundingClientRect();
  const fitsBelow = at.bottom + GAP + height + EDGE <= innerHeight;
  const top = fitsBelow || at.top < innerHeight - at.bottom ? at.bottom + GAP : at.top - GAP - height;
  const left = at.left + width + EDGE <= innerWidth ? at.left : at.right - width;
  panel.style.top = `${Math.max(EDGE, Math.min(top, innerHeight - height - EDGE))}px`;
  panel.style.left = `${Math.max(EDGE, Math.min(left, innerWidth - width - EDGE))}px`;
}

function move(panel, key) {
  const items = [...panel.querySelectorAll(".item:not(:disabled)")];
  const at = items.indexOf(document.activeElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[key];
  items.at(to % items.length)?.focus();
}

const PAUSE = 700; // between two letters of one word
export const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

// Letters go to what begins with them, as in the menus of the system: among fifty colleagues nobody counts arrow keys.
const typed = { word: "", at: 0 };
function moveTo(panel, letter) {
  const moment = Date.now();
  typed.word = moment - typed.at < PAUSE ? typed.word + fold(letter) : fold(letter);
  typed.at = moment;
  const words = (item) => fold(item.querySelector(".cut")?.textContent ?? item.textContent).split(/\s+/);
  const items = [...panel.querySelectorAll(".item:not(:disabled)")];
  const begins = (item) => words(item).some((_, from, all) => all.slice(from).join(" ").startsWith(typed.word));
  const at = items.indexOf(document.activeElement) + (typed.word.length === 1 ? 1 : 0);
  [...items.slice(at), ...items.slice(0, at)].find(begins)?.focus();
}

export function MenuPanel({ id, label, role = "menu", className = "", onOpen, onClose, children }) {
  const panel = useRef(null);
  const opening = (event) => {
    const anchor = document.querySelector(`[popovertarget="${id}"]`);
    if (event.newState !== "open") {
      // Escape takes the focus from what had it before the panel closes, so that the browser gives it back to nobody.
      requestAnimationFrame(() => document.activeElement === document.body && anchor?.focus({ preventScroll: true }));
      return onClose?.();
    }
    requestAnimationFrame(() => {
      if (anchor) place(panel.current, anchor);
      panel.current.querySelector("[data-first], [aria-checked=true], .item, input")?.focus({ preventScroll: true });
    });
    onOpen?.();
  };
  useEffect(() => {
    const element = panel.current;
    // What it holds may come after it was opened: it keeps its place when it grows.
    const grown = new ResizeObserver(() => {
      const anchor = document.querySelector(`[popovertarget="${id}"]`);
      if (anchor && element.matches(":popover-open")) place(element, anchor);
    });
    grown.observe(element);
    element.addEventListener("beforetoggle", opening);
    return () => {
      grown.disconnect();
      element.removeEventListener("beforetoggle", opening);
    };
  });
  const onKeyDown = (event) => {
    if (["ArrowDown", "ArrowUp"].includes(event.key) || (["Home", "End"].includes(event.key) && role === "menu")) {
      event.preventDefault();
      move(panel.current, event.key);
    }
    if (event.key === "Tab" && role === "menu") panel.current.hidePopover();
    const isLetter = event.key.length === 1 && event.key !== " " && !event.ctrlKey && !event.metaKey && !event.altKey;
    if (isLetter && role === "menu" && event.target.closest(".item")) moveTo(panel.current, event.key);
    event.stopPropagation();
  };
  const onClick = (event) => {
    if (event.target.closest(".item:not([data-stays])")) panel.current.hidePopover();
  };
  return (
    <div ref={panel} id={id} popover="auto" role={role} aria-label={label} className={`menu ${className}`}
      onKeyDown={onKeyDown} onClick={onClick}>
      {children}
    </div>
  );
}

// Posted to the server, which answers with another page. Reflex's own form would send an event instead.
export function PostForm({ action, children }) {
  return <form method="post" action={action} role="none">{children}</form>;
}

export function ModalDialog({ open, label, onClose, className = "", children }) {
  const dialog = useRef(null);
  const isWanted = useRef(open);
  isWanted.current = open;
  useEffect(() => {
    if (open && !dialog.current.open) {
      dialog.current.showModal();
      dialog.current.querySelector("ul:focus button")?.focus(); // Chromium takes a list that scrolls for the first to focus
    }
    if (!open && dialog.current.open) dialog.current.close();
  }, [open]);
  const close = useRef(onClose);
  close.current = onClose;
  // Who leaves its page has left it: it does not stand open where they come back.
  useEffect(() => () => { if (isWanted.current) close.current?.(); }, []);
  const onMouseDown = (event) => event.target === dialog.current && dialog.current.close();
  return (
    <dialog ref={dialog} className={`dialog ${className}`} aria-label={label} onMouseDown={onMouseDown}
      onClose={() => isWanted.current && onClose?.() /* closed by the reader, not by the page */}>
      {open ? children : null}
    </dialog>
  );
}

export function ConfirmButton({ className, label, title, body, action, cancel, shortcut, isCommand, onConfirm, children }) {
  const dialog = useRef(null);
  const confirm = () => {
    dialog.current.close();
    onConfirm?.();
  };
  return (
    <>
      <button type="button" className={className} aria-label={label} title={label} aria-keyshortcuts={shortcut || undefined}
        data-command={isCommand ? label : undefined} aria-haspopup="dialog" onClick={() => dialog.current.showModal()}>
        {children}
      </button>
      <dialog ref={dialog} className="dialog" aria-label={title}
        onMouseDown={(event) => event.target === dialog.current && dialog.current.close()}>
        <h2>{title}</h2>
        <p>{body}</p>
        <div className="actions">
          <button type="button" className="button" onClick={() => dialog.current.close()}>{cancel}</button>
          <button type="button" className="button danger" onClick={confirm}>{action}</button>
        </div>
      </dialog>
    </>
  );
}
