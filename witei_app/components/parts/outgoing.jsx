// What was sent and is not answered yet: one text at a time, under one name at each try.

const MOMENT = 1000;
let sent = null; // { id, text, at, signal }; outlives remounts
let takenAt = 0;
let restoredUpTo = 0;
// conversation -> the name of the text that is being sent, the same at each try, so that it cannot arrive twice
const names = new Map();
// `crypto.randomUUID` is missing where the page came over plain http.
const newName = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

export const isOnItsWay = (id) => sent?.id === id;
export const isSame = (id, text) => isOnItsWay(id) && sent.text.trim() === text.trim();

// Two clicks on one text are one. `isBehindAnother`: the one before is not on this screen yet.
export function takeOut(id, text, content, signal) {
  if (isOnItsWay(id) && sent.text === text && Date.now() - sent.at < 500) return null;
  const isBehindAnother = isOnItsWay(id) && sent.text !== text;
  takenAt = Date.now();
  sent = { id, text, at: takenAt, signal };
  if (names.get(id)?.content !== content) names.set(id, { content, name: newName() });
  return { name: names.get(id).name, isBehindAnother };
}

// Whether something was sent a moment ago: another press on Send means that, not the empty text that it left.
export const justTaken = () => Date.now() - takenAt < MOMENT;

// What the server has answered, null when it is nothing of ours; when it has begun anew it knows nothing of it, and the
// text stays where it is.
export function answered(signal) {
  if (!sent || sent.signal === signal) return null;
  const { id, text, signal: before } = sent;
  sent = null;
  if (signal < before) return null;
  names.delete(id);
  return { id, text };
}

// Whether an undone text came back just now; 0 is a server that has begun anew.
export function isRestored(signal) {
  const isNews = signal > restoredUpTo;
  restoredUpTo = signal ?? 0;
  return isNews;
}
