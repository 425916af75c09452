// What was changed in the settings, or in a quote, and not saved: who goes to another page, or closes the tab, is asked.
import { useEffect, useRef } from "react";
import { useBlocker } from "react-router";

const PAGES = /^\/(settings\/|profile|quotes\/\d)/; // elsewhere drafts are kept, or what is typed is a search
const FIELDS = "input:not([type=search], [type=file], [type=hidden], [role=combobox]), textarea, select, [contenteditable=true]";
const SAVED_TOGETHER = "form, .plain-editor, dialog";

const before = new WeakMap(); // field -> what stood there when somebody came to it
const typed = new Set();
const sent = new Set(); // typed too, and sent to be kept

const together = (field) => field.closest(SAVED_TOGETHER);

function valueOf(field) {
  if (field.isContentEditable) return field.innerHTML;
  return ["checkbox", "radio"].includes(field.type) ? field.checked : field.value;
}

function onCome({ target }) {
  const field = target.closest?.(FIELDS);
  if (field && !before.has(field)) before.set(field, valueOf(field));
}

function onInput({ target, isTrusted }) {
  const field = target.closest?.(FIELDS);
  if (!isTrusted || !field || !together(field)) return;
  sent.delete(field);
  typed.add(field);
}

function onSend(group) {
  for (const field of typed) {
    if (!group?.contains(field)) continue;
    before.set(field, valueOf(field));
    typed.delete(field);
    sent.add(field);
  }
}

// The text of an editor is no form: its button sends it, or Ctrl+Enter.
const onPress = ({ target }) => target.closest(".plain-editor .button.primary") && onSend(together(target));
const onKey = ({ key, ctrlKey, metaKey, target }) => key === "Enter" && (ctrlKey || metaKey) && onSend(together(target));

const isRefused = (field) => document.querySelector(".refusal") || together(field)?.querySelector("[role=alert]");

export function hasUnsaved(path = location.pathname) {
  for (const field of [...typed, ...sent]) {
    if (field.isConnected) continue;
    typed.delete(field);
    sent.delete(field);
  }
  if (!PAGES.test(path)) return false;
  return [...typed].some((field) => valueOf(field) !== before.get(field)) || [...sent].some(isRefused);
}

function onLeave(event) {
  if (hasUnsaved()) event.preventDefault();
}

const LISTENERS = [
  ["focusin", onCome],
  ["pointerdown", onCome], // Safari gives a box that is ticked no focus
  ["input", onInput],
  ["submit", ({ target }) => onSend(target)],
  ["click", onPress],
  ["keydown", onKey],
];

export function UnsavedKeeper({ words }) {
  const dialog = useRef(null);
  const blocker = useBlocker(({ currentLocation: { pathname: here }, nextLocation: { pathname: there } }) => (
    here !== there && there !== "/login" /* a session that is over */ && hasUnsaved(here) // after Back, `location` is there
  ));
  const isAsked = blocker.state === "blocked";

  useEffect(() => {
    for (const [name, listener] of LISTENERS) document.addEventListener(name, listener, true);
    addEventListener("beforeunload", onLeave);
    return () => {
      for (const [name, listener] of LISTENERS) document.removeEventListener(name, listener, true);
      removeEventListener("beforeunload", onLeave);
    };
  }, []);
  useEffect(() => {
    if (isAsked) dialog.current.showModal();
    else dialog.current.close();
  }, [isAsked]);

  return (
    <dialog ref={dialog} className="dialog" aria-label={words.title} onClose={() => blocker.reset?.()}>
      <h2>{words.title}</h2>
      <p>{words.body}</p>
      <div className="actions">
        <button type="button" className="button" onClick={() => dialog.current.close()}>{words.stay}</button>
        <button type="button" className="button primary" onClick={() => blocker.proceed?.()}>{words.leave}</button>
      </div>
    </dialog>
  );
}
