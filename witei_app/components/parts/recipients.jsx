// The field in which addresses become chips: Enter, comma, semicolon, leaving it, or pasting a list. What the server
// does not take for an address comes back into the field.
import { useEffect, useId, useRef, useState } from "react";

const PAUSE = 150;
const LONGEST = 20_000; // as the server takes; what was pasted by mistake may be megabytes
const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

export function AddressInput({ kind, label, placeholder = "", people = [], peopleLabel, rejected = "", turn, takesFocus, onAdd, onBack, onFind }) {
  const [text, setText] = useState("");
  const [at, setAt] = useState(-1);
  const input = useRef(null);
  const timer = useRef(0);
  const list = useId();

  useEffect(() => { if (rejected) setText(rejected); }, [turn]);
  useEffect(() => {
    // This field comes a moment after the others: who writes in one of them already goes on there.
    const isElsewhere = document.activeElement?.matches("input, [contenteditable=true]");
    if (takesFocus && !isElsewhere) input.current.focus();
  }, []);
  useEffect(() => setAt(-1), [people]);
  useEffect(() => () => clearTimeout(timer.current), []);

  const isOpen = text.trim() !== "" && people.length > 0 && document.activeElement === input.current;
  // A word that is no address means the first who is found by it; those found by the letters before it are not asked.
  const isMeant = ({ name, address }) => fold(text).split(/\s+/).every((part) => fold(`${name} ${address}`).includes(part));
  const chosen = at < 0 && isOpen && !text.includes("@") && isMeant(people[0]) ? 0 : at;
  const add = (typed) => {
    clearTimeout(timer.current);
    setText("");
    if (typed.trim()) onAdd(kind, typed.slice(0, LONGEST));
  };
  const pick = ({ name, address }) => add(name ? `"${name.replaceAll('"', "")}" <${address}>` : address);
  const write = (typed) => {
    setText(typed);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => onFind(typed), PAUSE);
  };
  const onKeyDown = (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && isOpen) setAt((place) => (place + step + people.length + (place < 0 && step < 0 ? 1 : 0)) % people.length);
    else if (event.key === "Escape" && isOpen) onFind("");
    else if (["Enter", "Tab"].includes(event.key) && isOpen && chosen >= 0) pick(people[chosen]);
    else if (["Enter", ",", ";"].includes(event.key) && text.includes("@")) add(text);
    else if (event.key === "Enter") add(text);
    else if (event.key === "Backspace" && !text) return onBack(kind);
    else return undefined;
    event.preventDefault();
    event.stopPropagation();
    return undefined;
  };
  const onPaste = (event) => {
    const pasted = event.clipboardData.getData("text/plain");
    if (!/[,;\n\t]/.test(pasted.trim()) && !/^\S+@\S+\.\S+$/.test(pasted.trim())) return;
    event.preventDefault();
    add(`${text}${pasted}`);
  };

  return (
    <span className="address-field">
      <input ref={input} value={text} aria-label={label} placeholder={placeholder} autoComplete="off" inputMode="email"
        spellCheck={false} role="combobox" aria-expanded={isOpen} aria-controls={list} aria-autocomplete="list"
        aria-activedescendant={isOpen && chosen >= 0 ? `${list}-${chosen}` : undefined}
        onChange={(event) => write(event.target.value)} onKeyDown={onKeyDown} onPaste={onPaste} onBlur={() => add(text)} />
      <span id={list} role="listbox" aria-label={peopleLabel} className="menu suggestions" hidden={!isOpen}>
        {isOpen && people.map((one, place) => (
          <span key={one.address} id={`${list}-${place}`} role="option" aria-selected={place === chosen} className="item"
            onMouseDown={(event) => { event.preventDefault(); pick(one); }}>
            <b className="cut">{one.name || one.address}</b>
            {one.name && <span className="hint cut">{one.address}</span>}
          </span>
        ))}
      </span>
    </span>
  );
}
