// The command palette. What can be done is what the page offers this reader: its buttons, menus and links; so it can
// neither know nor do more than they. Contacts, conversations and views are asked of the server.
import { useEffect, useMemo, useRef, useState } from "react";
import { useNavigate } from "react-router";
import { openDialog } from "./keys.jsx";
import { fold } from "./menu.jsx";

const OFFERED = ".rail a[href], [aria-keyshortcuts], [data-command], [aria-haspopup=menu][popovertarget]";
const NOT_HERE = ".log, .rows, dialog, [popover], [data-check]";
const GROUPS = ["thread", "here", "pages"];
const MOST = 60;

const words = (element) => (element.dataset.command || element.getAttribute("aria-label") || element.textContent).trim();

function act(element) {
  if (element.matches("input, textarea, [contenteditable]")) element.focus();
  else element.click();
}

function offered() {
  const found = [];
  for (const element of document.querySelectorAll(OFFERED)) {
    if (element.closest(NOT_HERE) || element.disabled || !element.getClientRects().length) continue;
    const group = element.closest(".thread") ? "thread" : element.closest(".rail") ? "pages" : "here";
    const menu = element.getAttribute("aria-haspopup") === "menu" && element.getAttribute("popovertarget");
    if (!menu) found.push({ group, label: words(element), hint: element.getAttribute("aria-keyshortcuts") ?? "", run: () => act(element) });
    else
      for (const item of document.querySelectorAll(`#${menu} .item:not(:disabled, [data-opens=palette])`))
        found.push({ group, label: `${words(element)}: ${textOf(item)}`, hint: "", run: () => item.click() });
  }
  return found.sort((one, other) => GROUPS.indexOf(one.group) - GROUPS.indexOf(other.group));
}

// Without what is there for the eye alone: the keys behind the words.
const textOf = (item) =>
  [...item.childNodes].filter((part) => !part.classList?.contains("hint")).map((part) => part.textContent).join("").trim();

export function CommandPalette({ labels, found, foundFor, onSearch }) {
  const navigate = useNavigate();
  const dialog = useRef(null);
  const list = useRef(null);
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const [commands, setCommands] = useState([]);
  const asked = text.trim();

  const options = useMemo(() => {
    const parts = fold(asked).split(/\s+/);
    const own = commands.filter(({ label }) => parts.every((part) => fold(label).includes(part)));
    const theirs = asked && foundFor === asked ? found : [];
    return [...own, ...theirs.map((one) => ({ ...one, run: () => navigate(one.href) }))].slice(0, MOST);
  }, [asked, commands, found, foundFor]);

  const open = () => {
    if (!openDialog("palette")) return;
    setCommands(offered());
    setText("");
    setAt(0);
  };
  useEffect(() => {
    const onKeyDown = (event) => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || event.key.toLowerCase() !== "k") return;
      event.preventDefault();
      event.stopPropagation();
      if (dialog.current.open) dialog.current.close();
      else open();
    };
    // Opened by the menu, it looks around as well.
    const onToggle = () => dialog.current?.open && setCommands(offered());
    const element = dialog.current;
    document.addEventListener("keydown", onKeyDown, true);
    element.addEventListener("toggle", onToggle);
    return () => {
      document.removeEventListener("keydown", onKeyDown, true);
      element.removeEventListener("toggle", onToggle);
    };
  }, []);
  useEffect(() => {
    list.current?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  }, [at, options]);

  const run = (option) => {
    dialog.current.close();
    setTimeout(option.run); // when the dialog has given the focus back
  };
  const write = (value) => {
    setText(value);
    setAt(0);
    onSearch?.(value.trim());
  };
  const onKeyDown = (event) => {
    const last = options.length - 1;
    const to = { ArrowDown: at < last ? at + 1 : 0, ArrowUp: at > 0 ? at - 1 : last, PageDown: Math.min(at + 8, last), PageUp: Math.max(at - 8, 0) }[event.key];
    if (to !== undefined) setAt(Math.max(0, to));
    else if (event.key === "Enter" && options[at] && !event.nativeEvent.isComposing) run(options[at]);
    else return;
    event.preventDefault();
  };
  const chosen = Math.min(at, options.length - 1);
  const isSearching = Boolean(asked) && foundFor !== asked;
  return (
    <dialog ref={dialog} id="palette" className="dialog palette" aria-label={labels.title}
      onMouseDown={(event) => event.target === dialog.current && dialog.current.close()}>
      <input type="text" role="combobox" className="input" aria-label={labels.field} placeholder={labels.field} value={text} maxLength={100}
        autoFocus autoComplete="off" spellCheck={false} aria-expanded="true" aria-controls="palette-list" aria-autocomplete="list"
        aria-activedescendant={chosen >= 0 ? `palette-${chosen}` : undefined} onKeyDown={onKeyDown} onChange={(event) => write(event.target.value)} />
      <div ref={list} id="palette-list" role="listbox" aria-label={labels.title} className="palette-list">
        {Object.entries(Object.groupBy(options.map((option, place) => ({ ...option, place })), ({ group }) => group)).map(([group, members]) => (
          <div role="group" aria-label={labels[group]} key={group}>
            <div className="heading" aria-hidden="true">{labels[group]}</div>
            {members.map((option) => (
              <div role="option" id={`palette-${option.place}`} key={option.place} aria-selected={option.place === chosen} className="item"
                onPointerMove={() => setAt(option.place)} onClick={() => run(option)}>
                <span className="cut">{option.label}</span>
                {option.hint ? <span className="hint cut">{option.hint}</span> : null}
              </div>
            ))}
          </div>
        ))}
      </div>
      <p className="quiet-line" role="status">{isSearching ? labels.searching : options.length ? "" : labels.nothing}</p>
    </dialog>
  );
}
