// What is being filled in and not sent yet. A server that begins anew knows of no open dialog, so its forms go away, or
// come back empty. What was typed is put back as soon as the form is there again. So is what was half written beside a
// conversation when its writer looked at another one.

const typed = new Map(); // the form's name -> { form, title, values, goneAt, isLost, isLeft, isSent }
const MOMENT = 1500;
const AT_ONCE = 150; // between a form's going and the server's new beginning that took it
const SKIPPED = new Set(["password", "file", "hidden", "submit", "button"]);

const fields = (form) => [...form.elements].filter((one) => one.name && !SKIPPED.has(one.type));
const valueOf = (field) => (["checkbox", "radio"].includes(field.type) ? field.checked : field.value);

function titleOf(form) {
  const around = form.closest("dialog, section, aside");
  return around?.getAttribute("aria-label") || around?.querySelector("h1, h2, h3")?.textContent || document.title;
}

const here = () => location.pathname.replace(/\/$/, "");

// The same on the same page: the words above it, and what is asked for.
function nameOf(form) {
  return [here(), titleOf(form), ...fields(form).map((one) => one.name)].join("|");
}

function onInput(event) {
  const form = event.target.form;
  if (!form || !event.isTrusted || !fields(form).includes(event.target)) return;
  const name = nameOf(form);
  const entry = typed.get(name) ?? { values: new Map() };
  entry.values.set(`${event.target.name}|${event.target.type === "radio" ? event.target.value : ""}`, valueOf(event.target));
  typed.set(name, Object.assign(entry, { form, title: titleOf(form), goneAt: 0, isLost: false, isLeft: false, isSent: false }));
}

function onSubmit({ target }) {
  for (const entry of typed.values()) entry.isSent ||= entry.form === target;
}

// Gone with the conversation that it stood beside.
function wasLeft(name, entry) {
  const isElsewhere = name.startsWith("/conversations/") && !name.startsWith(`${here()}|`);
  return isElsewhere && !entry.isSent && [...entry.values.values()].some(Boolean);
}

// Waits for its form to be there again: the server took it away, or its writer left it.
const isKept = (entry) => entry.isLost || entry.isLeft;

function put(field, value) {
  const property = ["checkbox", "radio"].includes(field.type) ? "checked" : "value";
  // Past React's own setter, so that it notices; then the events that a person would cause.
  Object.getOwnPropertyDescriptor(Object.getPrototypeOf(field), property).set.call(field, value);
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

function restore(entry, form) {
  for (const field of fields(form)) {
    const value = entry.values.get(`${field.name}|${field.type === "radio" ? field.value : ""}`);
    if (value !== undefined && valueOf(field) !== value) put(field, value);
  }
  Object.assign(entry, { form, goneAt: 0, isLost: false, isLeft: false });
}

function onChange(tell) {
  for (const [name, entry] of typed) {
    if (entry.form.isConnected) continue;
    if (!entry.goneAt && wasLeft(name, entry)) {
      entry.isLeft = true;
      tell?.(entry.title);
    }
    entry.goneAt ||= Date.now();
    if (!isKept(entry) && Date.now() - entry.goneAt > MOMENT) typed.delete(name); // sent, or left by who typed it
  }
  const kept = [...typed].filter(([, entry]) => isKept(entry));
  if (!kept.length) return;
  for (const form of document.forms) {
    const entry = kept.find(([name]) => name === nameOf(form))?.[1];
    if (entry && isKept(entry)) restore(entry, form);
  }
}

export function keepForms(tell) {
  const watching = new MutationObserver(() => onChange(tell));
  watching.observe(document.body, { childList: true, subtree: true });
  addEventListener("input", onInput, true);
  addEventListener("submit", onSubmit, true);
  return () => {
    watching.disconnect();
    removeEventListener("input", onInput, true);
    removeEventListener("submit", onSubmit, true);
  };
}

// Whether a form on the page holds what was typed.
export const hasTyped = () => [...typed.values()].some((entry) => entry.form.isConnected);

// The server has begun anew: what went away just now, it took away. Tells the title of what is not back by itself.
export function takeLost(tell) {
  onChange();
  for (const [name, entry] of typed) {
    const isHere = name.startsWith(`${here()}|`); // who went to another page has left it
    // What was sent and went away before had been taken.
    entry.isLost ||= isHere && (!entry.goneAt || Date.now() - entry.goneAt < (entry.isSent ? AT_ONCE : MOMENT));
  }
  setTimeout(() => {
    onChange();
    const missing = [...typed.values()].find((entry) => entry.isLost && !entry.form.isConnected);
    for (const entry of typed.values()) entry.isLost &&= !entry.form.isConnected;
    if (missing) tell(missing.title);
  }, 4000);
}
