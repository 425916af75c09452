// What a long list needs from the browser: a row that is a real link, "more" when the end comes near, a search.
import { useEffect, useRef, useState } from "react";
import { useLocation, useNavigate, useNavigationType } from "react-router";

// Reflex runs a page's on_load at each change of the address, except for this mark. A row is opened by its own handler
// at once, so the page need not arrive again; without the mark it would only do so once more than needed.
const QUIETLY = { state: { fromNotFound: true } };
const PAUSE = 200;

export function RowLink({ href, current, label, onOpen, children }) {
  const navigate = useNavigate();
  const onClick = (event) => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    if (location.pathname.replace(/\/$/, "") !== href) navigate(href + location.search, QUIETLY);
    onOpen?.();
  };
  return (
    <a href={href} aria-current={current ? "true" : undefined} aria-label={label} onClick={onClick} data-row="">
      {children}
    </a>
  );
}

// Going back to an address that was reached quietly is quiet too: it is told here. The view that is shown, `query`, is
// in the address as soon as the page knows it.
export function AddressKeeper({ prefix, query, isKnown, onArrive }) {
  const { pathname, search, key, state } = useLocation();
  const navigate = useNavigate();
  const isBackOrForth = useNavigationType() === "POP";
  const isFirst = useRef(true);
  useEffect(() => {
    const isNews = !isFirst.current && isBackOrForth && state?.fromNotFound && pathname.startsWith(prefix);
    isFirst.current = false;
    if (isNews) onArrive?.(Number(pathname.slice(prefix.length).replace(/\D/g, "")));
  }, [key]);
  useEffect(() => {
    const isOther = isKnown && search !== query && pathname.startsWith(prefix);
    if (isOther) navigate({ pathname, search: query }, { ...QUIETLY, replace: true });
  }, [isKnown, query, search, pathname]);
  return null;
}

export function EndOfList({ onReach, margin = 400 }) {
  const mark = useRef(null);
  useEffect(() => {
    const root = mark.current.closest("[data-scrolls]");
    const observer = new IntersectionObserver((seen) => seen.some((one) => one.isIntersecting) && onReach?.(), {
      root,
      rootMargin: `${margin}px`,
    });
    observer.observe(mark.current);
    return () => observer.disconnect();
  }, []); // a new page of rows comes with a new key, and so with a new observer
  return <div ref={mark} className="sentinel" aria-hidden="true" />;
}

// What is typed is told after a pause. It is held here: React does not notice when a box whose first text came late is
// emptied in one go.
export function SearchBox({ search = "", label, longest, onSearch }) {
  const [text, setText] = useState(search);
  const box = useRef(null);
  const timer = useRef(0);
  const isTyped = useRef(false);
  useEffect(() => {
    if (!isTyped.current || document.activeElement !== box.current) setText(search);
  }, [search]);
  useEffect(() => () => clearTimeout(timer.current), []);
  const write = ({ target: { value } }) => {
    setText(value);
    isTyped.current = true;
    clearTimeout(timer.current);
    timer.current = setTimeout(() => onSearch?.(value), PAUSE);
  };
  return (
    <input ref={box} type="search" value={text} onChange={write} placeholder={label} aria-label={label} maxLength={longest}
      autoComplete="off" spellCheck={false} aria-keyshortcuts="/" />
  );
}
