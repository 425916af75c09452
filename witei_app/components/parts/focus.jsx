// What had the focus went away: a line was removed, a form was kept and comes anew, a conversation was archived. Whoever
// works with the keyboard goes on where they were, at what stands there now, and is not thrown back to the top of the page.
const STAGE = ".stage.scrolls";
const PAGE = `${STAGE}, .details`;
const CONTROLS = "a[href], button, input:not([type=hidden]), select, textarea";
const HEAD = ".thread > header";

let last = null; // { element, next }: what had the focus, and what has it once that is gone
let opened = {}; // { form, by }: the form that one is in, and the name of the button that led there
let before = ""; // the name of what had the focus outside of forms
let row = null; // the line of the list that had it last
let held = null; // the line of the list that was given the focus and is not opened yet

export const allRows = () => [...document.querySelectorAll("[data-row]")];
const controlsOf = (page) => [...page.querySelectorAll(CONTROLS)].filter((one) => !one.disabled && one.checkVisibility());
const nameOf = (control) =>
  `${control.tagName} ${control.ariaLabel || control.labels?.[0]?.textContent || control.textContent}`;

export const isHeld = (line) => line !== undefined && line === held;
export const letGo = () => { held = null; }; // something else than opening it was done with it

function openerOf(form, name) {
  if (!form) {
    before = name;
    opened = {};
  } else if (form !== opened.form) opened = { form, by: before };
  return opened.by;
}

// The same control of the next line, the button that opened the form, else what stood behind it; in a dialog that goes on
// with something else, its beginning. To who closes a dialog the browser gives the focus back.
function nextInPage(page, target) {
  const controls = target.matches(CONTROLS) ? controlsOf(page) : [];
  if (!controls.length) return null;
  const name = nameOf(target);
  const place = controls.filter((one) => nameOf(one) === name).indexOf(target);
  const after = controls.slice(controls.indexOf(target) + 1);
  const opener = openerOf(target.closest("form"), name);
  const { pathname } = location;
  const dialog = page.matches("dialog") && page;
  return () => {
    const isElsewhere = pathname !== location.pathname;
    if (dialog && (isElsewhere || !dialog.open)) return null;
    const now = dialog || document.querySelector(PAGE);
    if (!now || isElsewhere) return now; // another page: at its beginning
    const named = (wanted) => controlsOf(now).filter((one) => nameOf(one) === wanted);
    const alike = named(name);
    const next = alike[Math.min(place, alike.length - 1)] ?? named(opener)[0];
    return next ?? after.find((one) => one.isConnected && one.checkVisibility()) ?? (dialog ? controlsOf(now)[0] : now);
  };
}

// The line that takes the place of one that leaves the list.
function nextRow(line) {
  const after = allRows().slice(allRows().indexOf(line) + 1);
  return () => {
    const next = after.find((one) => one.isConnected) ?? allRows().at(-1);
    held = line && next;
    return next ?? document.querySelector("[aria-keyshortcuts='/']");
  };
}

// Who takes a recipient out goes on in the field, who takes a file out at the next one, or in the text: never where the
// next letters are commands.
const REMOVER = ".composer :is(.chips, .files) .remove";
function nextInComposer(target) {
  const around = target.closest(".composer");
  const entry = target.closest(".chips")?.querySelector("input");
  const removers = () => [...around.querySelectorAll(".files .remove")];
  const place = removers().indexOf(target);
  return () => {
    const left = removers();
    if (entry?.isConnected) return entry;
    return left[Math.min(place, left.length - 1)] ?? around.querySelector("[contenteditable=true]");
  };
}

// "Reopen" where "Archive" was, the thread where one wrote; once the conversation itself is gone, the list, but for who
// is writing: the rest of the sentence would open another one.
function nextInThread(target) {
  const key = target.closest(HEAD) && target.getAttribute("aria-keyshortcuts");
  const ofIt = document.querySelector("[data-row][aria-current]") ?? allRows()[0];
  const other = nextRow(ofIt);
  const isWritten = target.isContentEditable || target.matches("input, textarea");
  return () => {
    const log = document.querySelector(".thread .log");
    if (!log && isWritten) return null;
    if (!log) return ofIt?.isConnected ? ofIt : other();
    if (target.closest(".closed")) return document.querySelector(".thread [contenteditable=true]") ?? log; // "Answer it"
    return (key && document.querySelector(`${HEAD} [aria-keyshortcuts="${CSS.escape(key)}"]`)) || log;
  };
}

function nextAfter(target) {
  if (target.matches(REMOVER)) return nextInComposer(target);
  const dialog = target.closest("dialog[open]");
  if (dialog) return target.closest(".composer") ? null /* "Cc/Bcc" leads to Cc by itself */ : nextInPage(dialog, target);
  const line = target.closest("[role=listitem], li")?.querySelector("[data-row]");
  if (line) return nextRow(line);
  if (target.closest(".thread")) return nextInThread(target);
  const page = target.closest(PAGE);
  if (page) return nextInPage(page, target);
  return target.closest("[popover]") ? null : nextRow(document.querySelector("[data-row][aria-current]"));
}

function onFocus({ target }) {
  if (target !== held) held = null;
  if (target.matches?.("[data-row]")) row = target;
  const next = target.closest && nextAfter(target);
  last = next ? { element: target, next } : null;
}

// Where there is room for one pane only, the other one went with what had the focus.
function onOtherPane() {
  if (document.activeElement !== document.body && document.activeElement.checkVisibility()) return;
  const shown = document.querySelector(".thread .log");
  const next = shown?.checkVisibility() ? shown : row?.isConnected ? row : allRows()[0];
  next?.focus({ preventScroll: true });
}

function onChange(changes) {
  if (changes.some(({ type }) => type === "attributes")) onOtherPane();
  if (!last || last.element.isConnected) return;
  const { next } = last;
  last = null;
  if (document.activeElement !== document.body) return;
  (next() ?? document.querySelector(STAGE))?.focus({ preventScroll: true }); // another page: at its beginning
}

export function holdFocus() {
  const changes = new MutationObserver(onChange);
  changes.observe(document.body, { childList: true, subtree: true, attributeFilter: ["data-pane"] });
  addEventListener("focusin", onFocus);
  return () => {
    changes.disconnect();
    removeEventListener("focusin", onFocus);
  };
}
