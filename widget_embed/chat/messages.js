// The messages: confirmed ones by number, then those on their way.

const entries = [];
const byId = new Map();
const byNumber = new Map();
let readByAgent = 0; // the highest number the agency has seen
let readByVisitor = 0;
let lastOrder = 0;

function add(message, isNew) {
  const known = (message.id && byId.get(message.id)) || byNumber.get(message.n);
  if (known) return confirm(known, message);
  const entry = { ...message, state: message.n === undefined ? "sending" : "sent" };
  if (entry.id) byId.set(entry.id, entry);
  if (entry.n) byNumber.set(entry.n, entry);
  entry.row = makeRow(entry, isNew);
  place(entry);
  return entry;
}

function confirm(entry, { n, at, files }) {
  const moved = entry.n !== n;
  if (files) showFiles(entry, files); // they have addresses now
  Object.assign(entry, { n, at: at || entry.at, state: "sent" });
  byNumber.set(n, entry);
  forget(unsentPrefix + entry.id);
  if (moved) {
    entries.splice(entries.indexOf(entry), 1);
    place(entry);
  }
  return entry;
}

function place(entry) {
  const rank = (one) => one.n ?? Infinity; // what is on its way comes last, in the order it was written
  const isLater = (one) => rank(one) > rank(entry) || (!one.n && !entry.n && one.at > entry.at);
  let at = entries.length;
  while (at > 0 && isLater(entries[at - 1])) at -= 1;
  entries.splice(at, 0, entry);
  const before = entries[at + 1]?.row ?? dots;
  if (entry.row.nextSibling !== before) log.insertBefore(entry.row, before);
}
