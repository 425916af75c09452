// What had the focus went away: a line was removed, a form was kept and comes anew, a conversation was archived. Whoever
// works with the keyboard goes on where they were, at what stands there now, and is not thrown back to the top of the page.
const PAGE = ".stage.scrolls, .details";
const CONTROLS = "a[href], button, input:not([type=hidden]), select, textarea";
const HEAD = ".thread > header";

let last = null; // { element, next }: what had the focus, and what has it once that is gone
let opened = {}; // { form, by }: the form that one is in, and the name of the button that led there
let before = ""; // the name of what had the focus outside of forms
let held = null; // the line of the list that was given the focus and is not opened yet

export const allRows = () => [...document.querySelectorAll("[data-row]")];
const controlsOf = (page) => [...page.querySelectorAll(CONTROLS)].filter((one) => !one.disabled && one.checkVisibility());
const nameOf = (control) =>
  `${control.tagName} ${control.ariaLabel || control.labels?.[0]?.textContent || control.textContent}`;

export const isHeld = (row) => row !== undefined && row === held;
export const letGo = () => { held = null; }; // something else than opening it was done with it

function openerOf(form, name) {
  if (!form) {
    before = name;
    opened = {};
  } else if (form !== opened.form) opened = { form, by: before };
  return opened.by;
}

// The same control of the next line, the button that opened the form, else what stood behind it.
function nextInPage(page, target) {
  const controls = target.matches(CONTROLS) ? controlsOf(page) : [];
  if (!controls.length) return null;
  const name = nameOf(target);
  const place = controls.filter((one) => nameOf(one) === name).indexOf(target);
  const after = controls.slice(controls.indexOf(target) + 1);
  const opener = openerOf(target.closest("form"), name);
  const { pathname } = location;
  return () => {
    const now = document.querySelector(PAGE);
    if (!now || pathname !== location.pathname) return now; // another page: at its beginning
    const named = (wanted) => controlsOf(now).filter((one) => nameOf(one) === wanted);
    const alike = named(name);
    const next = alike[Math.min(place, alike.length - 1)] ?? named(opener)[0];
    return next ?? after.find((one) => one.isConnected && one.checkVisibility()) ?? now;
  };
}

// The line that takes the place of one that leaves the list.
function nextRow(row) {
  const after = allRows().slice(allRows().indexOf(row) + 1);
  return () => {
    const next = after.find((one) => one.isConnected) ?? allRows().at(-1);
    held = row && next;
    return next ?? document.querySelector("[aria-keyshortcuts='/']");
  };
}

// "Reopen" where "Archive" was, the thread where one wrote; once the conversation itself is gone, the list, but for who
// is writing: the rest of the sentence would open another one.
function nextInThread(target) {
  const key = target.closest(HEAD) && target.getAttribute("aria-keyshortcuts");
  const ofIt = document.querySelector("[data-row][aria-current]") ?? allRows()[0];
  const row = nextRow(ofIt);
  const isWritten = target.isContentEditable || target.matches("input, textarea");
  return () => {
    const log = document.querySelector(".thread .log");
    if (!log && isWritten) return null;
    if (!log) return ofIt?.isConnected ? ofIt : row();
    if (target.closest(".closed")) return document.querySelector(".thread [contenteditable=true]") ?? log; // "Answer it"
    return (key && document.querySelector(`${HEAD} [aria-keyshortcuts="${CSS.escape(key)}"]`)) || log;
  };
}

function nextAfter(target) {
  const row = target.closest("[role=listitem], li")?.querySelector("[data-row]");
  if (row) return nextRow(row);
  if (target.closest(".thread")) return nextInThread(target);
  const page = target.closest(PAGE);
  if (page) return nextInPage(page, target);
  return target.closest("dialog, [popover]") ? null : nextRow(document.querySelector("[data-row][aria-current]"));
}

function onFocus({ target }) {
  if (target !== held) held = null;
  const next = target.closest && nextAfter(target);
  last = next ? { element: target, next } : null;
}

function onChange() {
  if (!last || last.element.isConnected) return;
  const { next } = last;
  last = null;
  if (document.activeElement === document.body) next()?.focus({ preventScroll: true });
}

export function holdFocus() {
  const changes = new MutationObserver(onChange);
  changes.observe(document.body, { childList: true, subtree: true });
  addEventListener("focusin", onFocus);
  return () => {
    changes.disconnect();
    removeEventListener("focusin", onFocus);
  };
}
