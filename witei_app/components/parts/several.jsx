// Choosing several rows. What is chosen is kept here, in the browser: a click on a box waits for no server.
import { useEffect, useRef, useState, useSyncExternalStore } from "react";
import { letGo } from "./focus.jsx";

let chosen = new Set();
let last = null; // where a range begins
let isBegun = false; // by the menu, where no pointer hovers over a row
const shown = new Map(); // id to how many boxes it has on the page: a row that moves has two for a moment
const listeners = new Set();

const subscribe = (listener) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};
function choose(next) {
  if (!next.size) isBegun = false;
  chosen = next;
  listeners.forEach((listener) => listener());
}

function begin() {
  isBegun = true;
  chosen = new Set(); // another one, so that everybody looks
  listeners.forEach((listener) => listener());
}

const boxes = () => [...document.querySelectorAll("[data-check]")];
const idOf = (box) => Number(box.dataset.check);

function toggle(id, withRange) {
  const next = new Set(chosen);
  const ids = boxes().map(idOf);
  const [from, to] = [ids.indexOf(last), ids.indexOf(id)].sort((one, other) => one - other);
  if (withRange && from >= 0) ids.slice(from, to + 1).forEach((one) => next.add(one));
  else if (!next.delete(id)) next.add(id);
  last = id;
  choose(next);
}

export function RowCheck({ rowId: id, label }) {
  const isChosen = useSyncExternalStore(subscribe, () => chosen.has(id), () => false);
  useEffect(() => {
    shown.set(id, (shown.get(id) ?? 0) + 1);
    return () => {
      shown.set(id, shown.get(id) - 1);
      setTimeout(() => { // whoever cannot be seen any more is not acted on
        if (shown.get(id) > 0) return;
        shown.delete(id);
        if (chosen.has(id)) choose(new Set([...chosen].filter((one) => one !== id)));
      });
    };
  }, [id]);
  return (
    <span className="check">
      <input type="checkbox" data-check={id} aria-label={label} aria-keyshortcuts="x" checked={isChosen}
        onChange={(event) => toggle(id, event.nativeEvent.shiftKey)} />
    </span>
  );
}

const isTyping = (element) => element?.closest?.("input:not([data-check]), textarea, select, [contenteditable=true], dialog, [popover]");

export function SelectSeveral({ children }) {
  return <button type="button" role="menuitem" tabIndex={-1} className="item" onClick={begin}>{children}</button>;
}

export function SelectionBar({ labels, onAct, children }) {
  const ids = useSyncExternalStore(subscribe, () => chosen, () => chosen);
  const dialog = useRef(null);
  const all = useRef(null);
  const [asked, setAsked] = useState(null);
  const quantity = ids.size;
  const isOpen = quantity > 0 || isBegun;
  const isAll = quantity > 0 && boxes().every((box) => ids.has(idOf(box)));
  const end = () => choose(new Set());

  useEffect(() => {
    document.querySelector("ul.rows")?.toggleAttribute("data-choosing", isOpen);
    if (all.current) all.current.indeterminate = !isAll;
  });
  useEffect(() => {
    const onKeyDown = (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      if (event.key === "Escape" && (chosen.size || isBegun)) end();
      else if ((event.key === "x" || event.key === "X") && document.documentElement.dataset.singleKeys !== "off") {
        const row = event.target.closest?.(".row") ?? document.querySelector(".row:has([aria-current=true])");
        const box = row?.querySelector("[data-check]");
        if (!box) return;
        letGo();
        toggle(idOf(box), event.shiftKey);
      } else return;
      event.preventDefault();
      event.stopPropagation();
    };
    document.addEventListener("keydown", onKeyDown, true);
    return () => {
      document.removeEventListener("keydown", onKeyDown, true);
      end();
    };
  }, []);

  const act = (name, value) => {
    onAct?.(name, [...chosen], value);
    end();
  };
  const onClick = (event) => {
    const button = event.target.closest("[data-act]");
    if (!button || !quantity) return;
    const { act: name, value, one, several, body } = button.dataset;
    if (several === undefined) return act(name, Number(value ?? 0));
    const title = quantity === 1 ? one : several.replace("{n}", quantity);
    setAsked({ name, title, body, word: button.getAttribute("aria-label") });
    dialog.current.showModal();
  };
  const confirm = () => {
    dialog.current.close();
    act(asked.name, 0);
  };
  const toggleAll = () => choose(isAll ? new Set() : new Set(boxes().map(idOf)));
  const count = labels.count.replace("{n}", quantity);
  return (
    <>
      <span className="hidden-text" role="status">{quantity ? count : ""}</span>
      {isOpen && (
        <div className="selection" role="toolbar" aria-label={labels.bar} onClick={onClick}>
          <label className="check">
            <input ref={all} type="checkbox" checked={isAll} onChange={toggleAll} aria-label={labels.all} title={labels.all} />
          </label>
          <b>{quantity}</b>
          <span className="push" />
          {children}
          <button type="button" className="button quiet square" aria-label={labels.end} title={labels.end} onClick={end}>
            <svg className="icon" aria-hidden="true"><use href="/icons.svg#close" /></svg>
          </button>
        </div>
      )}
      <dialog ref={dialog} className="dialog" aria-label={asked?.title}>
        <h2>{asked?.title}</h2>
        <p>{asked?.body}</p>
        <div className="actions">
          <button type="button" className="button" onClick={() => dialog.current.close()}>{labels.cancel}</button>
          <button type="button" className="button danger" onClick={confirm}>{asked?.word}</button>
        </div>
      </dialog>
    </>
  );
}
