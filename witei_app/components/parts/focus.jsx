// What had the focus went away: a line was removed, a form was kept and comes anew, a conversation was archived. Whoever
// works with the keyboard goes on where they were, at what stands there now, and is not thrown back to the top of the page.
const PAGE = ".stage.scrolls, .details";
const CONTROLS = "a[href], button, input:not([type=hidden]), select, textarea";
const HEAD = ".thread > header";

let last = null; // { element, next }: what had the focus, and what has it once that is gone
let held = null; // the line of the list that was given the focus and is not opened yet

const allRows = () => [...document.querySelectorAll("[data-row]")];
const controlsOf = (page) => [...page.querySelectorAll(CONTROLS)].filter((one) => !one.disabled && one.checkVisibility());
const nameOf = (control) =>
  `${control.tagName} ${control.ariaLabel || control.labels?.[0]?.textContent || control.textContent}`;

export const isHeld = (row) => row !== undefined && row === held;
export const letGo = () => { held = null; }; // something else than opening it was done with it

// The same control of the next line, else what stood behind it.
function nextInPage(page, target) {
  const controls = target.matches(CONTROLS) ? controlsOf(page) : [];
  if (!controls.length) return null;
  const name = nameOf(target);
  const place = controls.filter((one) => nameOf(one) === name).indexOf(target);
  const after = controls.slice(controls.indexOf(target) + 1);
  const { pathname } = location;
  return () => {
    const now = pathname === location.pathname && document.querySelector(PAGE);
    if (!now) return null;
    const alike = controlsOf(now).filter((one) => nameOf(one) === name);
    return alike[Math.min(place, alike.length - 1)] ?? after.find((one) => one.isConnected && one.checkVisibility()) ?? now;
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
