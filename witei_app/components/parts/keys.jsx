// The keyboard: single keys where nobody is typing, and the dialog that lists them.
import { useEffect } from "react";
import { allRows, isHeld } from "./focus.jsx";
import { showDetails } from "./page.jsx";

const isShown = (element) => element.getClientRects().length > 0;
const TYPED_IN = "input:not([type=checkbox]), textarea, select, [contenteditable=true], dialog, [popover]";
// What has just closed may keep the focus for a moment.
const isTyping = (element) => element?.closest?.(TYPED_IN) && isShown(element);
const FLOATING = "dialog[open], [popover=auto]:popover-open";
const carrying = (key) => [...document.querySelectorAll(`[aria-keyshortcuts="${CSS.escape(key)}"]`)].find(isShown);

// A field may go away under somebody's fingers: a colleague archives what is being answered. The rest of the sentence is
// no command then, until there is a pause, or a click. What ends a text itself (Ctrl+Enter, Enter, Esc) may be followed by
// a command at once.
const PAUSE = 1500;
const ENDS = ["Enter", "Escape"];
const TEXT = "input:not([type=checkbox]), textarea, [contenteditable=true]";
let typed = null; // { field, goneAt }

function noteGone() {
  if (typed && !typed.field.isConnected) typed.goneAt ??= Date.now();
}

function heedTyping(event) {
  if (isTyping(event.target)) {
    const field = event.target.closest(TEXT);
    const isEnd = event.ctrlKey || event.metaKey || ENDS.includes(event.key);
    typed = field && !isEnd ? { field } : null;
  } else if (typed?.goneAt && Date.now() - typed.goneAt < PAUSE && event.key.length === 1) {
    typed.goneAt = Date.now();
    event.preventDefault();
    event.stopImmediatePropagation();
  }
}

const forgetTyping = () => { typed = null; };

// Where one is, the address says at once; the page follows when the server has answered.
const isOpen = (row) => row.getAttribute("href") === location.pathname.replace(/\/$/, "");

// Where the open one stood: what is archived leaves the list, and the next one has its place.
let place = -1;
function notePlace() {
  const at = allRows().findIndex(isOpen);
  if (at >= 0) place = at;
}

function step(by) {
  const rows = allRows();
  const focused = rows.indexOf(document.activeElement);
  const at = focused >= 0 ? focused : rows.findIndex(isOpen);
  const isNext = at < 0 ? place >= 0 : isHeld(rows[focused]) && !isOpen(rows[focused]); // in the place of one that went
  const to = isNext ? (at >= 0 ? at : place) + Math.min(by, 0) : at + by;
  const row = rows[Math.max(0, Math.min(rows.length - 1, to))];
  row?.focus();
  row?.scrollIntoView({ block: "nearest" });
  if (row && !isOpen(row)) row.click();
}

function press(key) {
  const target = carrying(key);
  if (!target) return false;
  if (target.matches("input, textarea, [contenteditable]")) target.focus();
  else {
    if (document.activeElement === document.body) target.focus({ preventScroll: true }); // a menu gives it back to somebody
    target.click();
  }
  return true;
}

// What was just done and may be undone for some seconds. Where nothing is written there is nothing else to undo.
function undo(event) {
  const isAsked = (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === "z";
  const isFree = !isTyping(event.target) || (event.target.isContentEditable && !event.target.textContent.trim());
  const offer = isAsked && isFree && [...document.querySelectorAll(".toast [data-command]")].findLast(isShown);
  if (!offer) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  offer.click();
}

// Ctrl+Enter keeps a note, as it sends an answer.
function submit(event) {
  const { target } = event;
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || target.tagName !== "TEXTAREA" || !target.form) return;
  event.preventDefault();
  target.form.requestSubmit();
}

// From a text to the thread that it answers, from the search to the list: the focus is always somewhere. A search that
// found nothing is emptied by the browser, and one goes on in it.
export function leave(field) {
  const isSearch = field === carrying("/");
  const next = isSearch ? (allRows().find(isOpen) ?? allRows()[0]) : field.closest(".thread")?.querySelector(".log");
  if (isSearch && !next) return;
  field.blur();
  next?.focus({ preventScroll: true });
}

// From a search to what it found, and among that: the list of the page, or the choices of a dialog.
function walk(event) {
  const { key, target } = event;
  if (key !== "ArrowDown" && key !== "ArrowUp") return false;
  const isSearch = target.matches("[type=search]");
  const choices = [...(target.closest("dialog")?.querySelectorAll(".choice, .targets .item") ?? [])];
  const at = choices.indexOf(target);
  if (!isSearch && at < 0) return false;
  const found = target === carrying("/") ? allRows() : choices;
  const step = key === "ArrowDown" ? 1 : -1;
  const next = at + step < 0 && !isSearch ? target.closest("dialog").querySelector("[type=search]") : found[at + step];
  if (!next) return false;
  event.preventDefault();
  next.focus();
  return true;
}

// r answers the contact, n writes for colleagues: the same field, so the one also leaves the other.
function write(isNote) {
  const note = carrying("n");
  if (note && (note.getAttribute("aria-pressed") === "true") !== isNote) note.click();
  return (!isNote || Boolean(note)) && press("r");
}

export function openDialog(id) {
  const dialog = document.getElementById(id);
  if (!dialog || document.querySelector("dialog[open]")) return false;
  document.querySelectorAll("[popover]:popover-open").forEach((panel) => panel.hidePopover());
  dialog.showModal();
  return true;
}

function onSingleKey(key) {
  if (key === "j" || key === "k") step(key === "j" ? 1 : -1);
  else if (key === "?") return openDialog("keys-help");
  else if (key === "r" || key === "n") return write(key === "n");
  else return press(key);
  return true;
}

// A key presses whatever on the page carries it in `aria-keyshortcuts`: the button and its shortcut cannot part. What a
// screen reader takes for itself never comes here.
export function Shortcuts({ isOn }) {
  useEffect(() => {
    document.documentElement.dataset.singleKeys = isOn ? "on" : "off";
    const onKeyDown = (event) => {
      notePlace();
      submit(event);
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
      if (event.key === "Escape" && document.querySelector(FLOATING)) return; // it closes, and gives the focus back
      if (event.key === "Escape" && isTyping(event.target)) return leave(event.target);
      if (walk(event)) return;
      if (isTyping(event.target)) return;
      if (event.key === "Escape") {
        const shell = document.querySelector(".shell");
        if (!shell?.dataset.details) return; // the browser closes what is open
        showDetails(shell, false);
      } else if (!isOn || event.key.length !== 1 || !onSingleKey(event.key)) return;
      event.preventDefault();
    };
    const onClick = (event) => {
      notePlace();
      const opener = event.target.closest?.("[data-opens]");
      if (opener) openDialog(opener.dataset.opens);
    };
    const changes = new MutationObserver(noteGone);
    changes.observe(document.body, { childList: true, subtree: true });
    addEventListener("keydown", heedTyping, true);
    addEventListener("keydown", undo, true);
    addEventListener("pointerdown", forgetTyping, true);
    document.addEventListener("keydown", onKeyDown);
    document.addEventListener("click", onClick);
    return () => {
      changes.disconnect();
      removeEventListener("keydown", heedTyping, true);
      removeEventListener("keydown", undo, true);
      removeEventListener("pointerdown", forgetTyping, true);
      document.removeEventListener("keydown", onKeyDown);
      document.removeEventListener("click", onClick);
    };
  }, [isOn]);
  return null;
}

export function KeysHelp({ label, closeLabel, children }) {
  const close = (event) => event.target.closest("dialog").close();
  return (
    <dialog id="keys-help" className="dialog keys" aria-label={label} onMouseDown={(event) => event.target.id === "keys-help" && close(event)}>
      <h2>{label}</h2>
      {children}
      <div className="actions"><button type="button" className="button" autoFocus onClick={close}>{closeLabel}</button></div>
    </dialog>
  );
}
