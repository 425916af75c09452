// Keeps the reader's place in a growing log: at the bottom when they were there, otherwise on the message they read.
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";

const NEAR_BOTTOM = 48;
const NEAR_TOP = 300;
const AT_BOTTOM = { sticks: true, top: 0, anchor: null, offset: 0, last: null, asked: 0 };

export function ScrollKeeper(props) {
  const { label, resetKey, jumpSignal, target, targetSignal, hasOlder, newLabel, children } = props;
  const { onOlder, onWhy, onAgain } = props;
  const frame = useRef(null);
  const inner = useRef(null);
  const place = useRef({ ...AT_BOTTOM });
  const [hasNew, setHasNew] = useState(false);

  const remember = useCallback(() => {
    const box = frame.current;
    const at = place.current;
    const isAtBottom = box.scrollHeight - box.scrollTop - box.clientHeight < NEAR_BOTTOM;
    at.sticks = isAtBottom || (at.sticks && box.scrollTop >= at.top); // content that grew is no scrolling up
    at.top = box.scrollTop;
    at.anchor = [...inner.current.querySelectorAll("[data-entry]")].find(
      (entry) => entry.offsetTop + entry.offsetHeight > box.scrollTop,
    );
    at.offset = at.anchor ? at.anchor.offsetTop - box.scrollTop : 0;
    if (at.sticks) setHasNew(false);
  }, []);

  const toBottom = useCallback((smooth) => {
    place.current.sticks = true;
    const behavior = smooth && !matchMedia("(prefers-reduced-motion: reduce)").matches ? "smooth" : "instant";
    frame.current.scrollTo({ top: frame.current.scrollHeight, behavior });
    setHasNew(false);
  }, []);

  const settle = useCallback(() => {
    if (!inner.current) return; // the page was left between the layout and this
    const at = place.current;
    const entries = inner.current.querySelectorAll("[data-entry]");
    const last = entries[entries.length - 1] ?? null;
    if (at.sticks) toBottom(false);
    else if (at.anchor?.isConnected) frame.current.scrollTop = at.anchor.offsetTop - at.offset;
    if (!at.sticks && at.last?.isConnected && last !== at.last) setHasNew(true);
    at.last = last;
    at.asked = 0;
  }, [toBottom]);

  // The message that somebody searched for, marked until another one is.
  const toTarget = useCallback(() => {
    const entry = target > 0 && inner.current.querySelector(`[data-number="${target}"]`);
    for (const other of inner.current.querySelectorAll("[data-found]")) delete other.dataset.found;
    if (!entry) return false;
    entry.dataset.found = "";
    entry.scrollIntoView({ block: "center", behavior: "instant" });
    remember();
    place.current.sticks = false;
    return true;
  }, [target, targetSignal, remember]);

  useLayoutEffect(() => {
    place.current = { ...AT_BOTTOM };
    if (!toTarget()) toBottom(false);
  }, [resetKey, toTarget, toBottom]);

  useEffect(() => {
    if (jumpSignal) toBottom(true);
  }, [jumpSignal, toBottom]);

  useEffect(() => {
    const observer = new ResizeObserver(settle); // runs after layout and before paint: nobody sees the jump
    observer.observe(inner.current);
    observer.observe(frame.current);
    return () => observer.disconnect();
  }, [settle]);

  const onScroll = () => {
    remember();
    const isNearTop = frame.current.scrollTop < NEAR_TOP;
    if (!hasOlder || !isNearTop || Date.now() - place.current.asked < 5000) return;
    place.current.asked = Date.now();
    onOlder?.();
  };

  // One listener for all messages: their rows are drawn apart from the page and know no handler.
  const onClick = (event) => {
    const asked = event.target.closest("[data-why]");
    if (asked) onWhy?.(Number(asked.dataset.why));
    const again = event.target.closest("[data-again]");
    if (again) onAgain?.(Number(again.dataset.again));
  };

  return (
    <div className="log-frame">
      <div ref={frame} className="log" role="log" aria-label={label} tabIndex={0} onScroll={onScroll} onClick={onClick}>
        <div ref={inner} className="log-inner">{children}</div>
      </div>
      {hasNew && (
        <button type="button" className="pill" onClick={() => toBottom(true)}>
          <svg className="icon small" aria-hidden="true"><use href="/icons.svg#arrow-down" /></svg>
          {newLabel}
        </button>
      )}
    </div>
  );
}
