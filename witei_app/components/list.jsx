// The two things a long list needs from the browser: a row that is a real link, and "more" when the end comes near.
import { useEffect, useRef } from "react";

export function RowLink({ href, current, label, onOpen, children }) {
  const onClick = (event) => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    if (location.pathname.replace(/\/$/, "") !== href) history.pushState(history.state, "", href);
    onOpen?.();
  };
  return (
    <a href={href} aria-current={current ? "true" : undefined} aria-label={label} onClick={onClick} data-row="">
      {children}
    </a>
  );
}

// Rows open in place, so the router does not know of them: going back and forth in the history is told here.
export function AddressKeeper({ prefix, onArrive }) {
  const tell = useRef(onArrive);
  tell.current = onArrive;
  useEffect(() => {
    const onPop = () => {
      const { pathname } = location;
      if (pathname.startsWith(prefix)) tell.current?.(Number(pathname.slice(prefix.length).replace(/\D/g, "")));
    };
    addEventListener("popstate", onPop);
    return () => removeEventListener("popstate", onPop);
  }, [prefix]);
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
