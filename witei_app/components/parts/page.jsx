// What belongs to the tab as a whole: its language, its title and sign, whether it is looked at.
import { useEffect, useRef } from "react";

const SIGN = "M7 11l4.500 11L16 12.500 20.500 22 25 11";

// The tab's sign with the number on it; the same drawing as /favicon.svg.
function numbered(count) {
  const word = count > 99 ? "99+" : `${count}`;
  const width = 9 + 6.5 * word.length;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="9" fill="#1d5fe0"/>
<path d="${SIGN}" fill="none" stroke="#fff" stroke-width="3" stroke-linecap="round" stroke-linejoin="round"/>
<rect x="${32 - width}" width="${width}" height="17" rx="8.500" fill="#fff"/>
<rect x="${33 - width}" y="1" width="${width - 2}" height="15" rx="7.500" fill="#12884a"/>
<text x="${32 - width / 2}" y="13" fill="#fff" font-family="sans-serif" font-size="12" font-weight="700" text-anchor="middle">${word}</text></svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}

// What is cut off is told whole under the pointer, unless a title of its own says something else.
const told = new WeakMap();
function tellWhole({ target }) {
  const box = target.closest?.(".cut, .clamp, .listing :is(td, td > a)");
  if (!box || (box.title && box.title !== told.get(box))) return;
  const isCut = box.scrollWidth > box.clientWidth || box.scrollHeight > box.clientHeight + 2;
  box.title = isCut ? box.textContent : "";
  told.set(box, box.title);
}

export function PageKeeper({ language, title, unread, onVisible }) {
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);

  useEffect(() => {
    document.title = unread > 0 ? `(${unread}) ${title}` : title;
    const link = document.querySelector("link[rel=icon]") ?? document.head.appendChild(document.createElement("link"));
    link.rel = "icon";
    link.type = "image/svg+xml";
    link.href = unread > 0 ? numbered(unread) : "/favicon.svg";
  }, [title, unread]);

  useEffect(() => {
    document.addEventListener("mouseover", tellWhole);
    return () => document.removeEventListener("mouseover", tellWhole);
  }, []);

  const tell = useRef(onVisible);
  tell.current = onVisible;
  useEffect(() => {
    // Behind another window it is visible, and nobody looks at it. Focus in a mail's frame is focus here.
    const isSeen = () => document.visibilityState === "visible" && document.hasFocus();
    let told = true;
    const onChange = () => setTimeout(() => {
      if (isSeen() === told) return;
      told = !told;
      tell.current?.(told);
    });
    onChange();
    document.addEventListener("visibilitychange", onChange);
    window.addEventListener("focus", onChange);
    window.addEventListener("blur", onChange);
    return () => {
      document.removeEventListener("visibilitychange", onChange);
      window.removeEventListener("focus", onChange);
      window.removeEventListener("blur", onChange);
    };
  }, []);
  return null;
}

// The sign-in is the server's own page, of which the router here knows nothing: it is loaded, not shown as missing.
export function MissingPage({ children }) {
  const isLogin = typeof window !== "undefined" && window.location.pathname === "/login";
  useEffect(() => {
    if (isLogin) window.location.reload();
  }, [isLogin]);
  return isLogin ? null : children;
}

// They slide over the thread, so the focus goes with them, and comes back.
export function showDetails(shell, isOpen) {
  if (isOpen) shell.dataset.details = "open";
  else delete shell.dataset.details;
  shell.querySelector(isOpen ? ".details .close" : ".details-toggle")?.focus({ preventScroll: true });
}

export function DetailsToggle({ className, label, shortcut, children }) {
  const onClick = (event) => {
    const shell = event.currentTarget.closest(".shell");
    showDetails(shell, !shell.dataset.details);
  };
  return (
    <button type="button" className={className} aria-label={label} title={label} aria-keyshortcuts={shortcut} onClick={onClick}>
      {children}
    </button>
  );
}

// Where the page was loaded, before anything was done on it.
const arrivedAt = typeof location === "undefined" ? "" : location.pathname;

export function Toast({ text, signal, seconds = 5, action, isHydrated, onAction }) {
  const box = useRef(null);
  const isFirst = useRef(true);
  useEffect(() => {
    // What comes with a page that is loaded anew was said before; an offer stands for as long as the server says.
    const isOld = !isHydrated || (!onAction && isFirst.current && location.pathname === arrivedAt);
    isFirst.current = false;
    box.current.hidden = !text || isOld;
    if (box.current.hidden) return undefined;
    const timer = setTimeout(() => { if (box.current) box.current.hidden = true; }, seconds * 1000);
    return () => clearTimeout(timer);
  }, [text, signal, seconds, onAction ? isHydrated : null]);
  return (
    <div role="status">
      <div ref={box} className="toast" hidden key={signal}>
        {text}
        {action ? (
          <button type="button" title="Ctrl+Z" aria-keyshortcuts="Control+Z" data-command={action} onClick={() => onAction?.()}>{action}</button>
        ) : null}
      </div>
    </div>
  );
}
