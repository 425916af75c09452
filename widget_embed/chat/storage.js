// What survives a reload: the visitor's token and each message until the server has it.

const prefix = `witei:${key}:`;
const tokenKey = `${prefix}token`;
const userKey = `${prefix}user`; // whom the page has signed in
const unsentPrefix = `${prefix}unsent:`;
const memory = new Map();
let pageOrigin = null; // of the agency's page around us, once it has spoken

// It is asked for after the first paint: the browser opens its store for that.
// Browsers that block third-party cookies may give an iframe no storage at all: then the loader keeps it on its page.
const ownStorage = once(() => {
  try {
    localStorage.setItem(`${prefix}probe`, "");
    localStorage.removeItem(`${prefix}probe`);
    return localStorage;
  } catch {
    return "";
  }
});

function stored(name) {
  return ownStorage().getItem?.(name) ?? memory.get(name) ?? null;
}

function keep(name, value) {
  memory.set(name, value);
  try {
    if (ownStorage()) ownStorage().setItem(name, value);
    else toPage({ witei: "keep", kind: "local", name, value });
  } catch {
    // full: this tab remembers
  }
}

// For this tab alone. Where one storage is allowed the other is.
function keepInTab(name, value) {
  if (!ownStorage()) return toPage({ witei: "keep", kind: "session", name, value });
  try {
    sessionStorage.setItem(name, value);
  } catch {
    // full
  }
}

const ofTab = (name) => (ownStorage() ? sessionStorage.getItem(name) : memory.get(name));

function forget(name) {
  memory.delete(name);
  if (ownStorage()) ownStorage().removeItem(name);
  else toPage({ witei: "keep", kind: "local", name });
}

// One key for each message, so that several tabs never overwrite each other's.
function unsent() {
  return [...new Set([...memory.keys(), ...Object.keys(ownStorage())])]
    .filter((name) => name.startsWith(unsentPrefix))
    .map((name) => readUnsent(name))
    .filter(Boolean)
    .sort((a, b) => a.order - b.order);
}

function readUnsent(name) {
  try {
    const { text, order, about, files } = JSON.parse(stored(name));
    return { id: name.slice(unsentPrefix.length), text: String(text), order: Number(order), about, files };
  } catch {
    return null; // taken out by another tab in between
  }
}
