// What stands around the bubbles: days, names, times, states.

const locale = navigator.languages.find((tag) => tag.startsWith(lang)) ?? lang; // "en-GB" writes 15:04
// The browser reads its tables for the first of these, which takes it long: that one is made in a turn of its own, the
// others when they are needed.
const once = (make, made) => () => (made ??= make());
const clock = once(() => new Intl.DateTimeFormat(locale, { hour: "numeric", minute: "2-digit" }));
const calendar = once(() => new Intl.DateTimeFormat(locale, { weekday: "long", day: "numeric", month: "long" }));
const relative = once(() => new Intl.RelativeTimeFormat(lang, { numeric: "auto" }));
setTimeout(clock);
const GROUP_GAP = 5 * 60_000;

function dayName(at) {
  const midnight = (date) => new Date(date).setHours(0, 0, 0, 0);
  const days = Math.round((midnight(at) - midnight(new Date())) / 86_400_000);
  const name = days > -2 ? relative().format(days, "day") : calendar().format(new Date(at));
  return name[0].toLocaleUpperCase(lang) + name.slice(1);
}

function together(a, b) {
  return a && b && a.by === b.by && author(a) === author(b) && Math.abs(new Date(a.at) - new Date(b.at)) < GROUP_GAP;
}

function arrange() {
  let day = new Date().toDateString(); // today needs no heading unless an older day stands above it
  entries.forEach((entry, index) => {
    const { row } = entry;
    const itsDay = entry.at ? new Date(entry.at).toDateString() : day;
    const isNewDay = itsDay !== day;
    day = itsDay;
    row.firstChild.hidden = !isNewDay;
    if (isNewDay) write(row.firstChild, dayName(entry.at));
    row.classList.toggle("first", isNewDay || !together(entries[index - 1], entry));
    row.classList.toggle("last", !together(entry, entries[index + 1]));
    row.classList.toggle("failed", entry.state === "failed");
    arrangeMeta(entry);
  });
}

function arrangeMeta(entry) {
  const meta = entry.row.lastChild;
  const time = entry.at ? ` · ${clock().format(new Date(entry.at))}` : "";
  if (entry.by !== "visitor") return writeAuthor(meta, entry, time);
  if (entry.state === "sending") return write(meta, texts.sending);
  if (entry.state === "sent") return write(meta, (entry.n <= readByAgent ? texts.read : texts.sent) + time);
  if (meta.querySelector("button")) return;
  const why = element("span", "", entry.reason || texts.failed);
  why.setAttribute("role", "alert");
  meta.replaceChildren(why, " ", button(texts.retry, () => retry(entry)));
}

function writeAuthor(meta, entry, time) {
  if (meta.textContent === author(entry) + time) return;
  meta.textContent = author(entry) + time;
  if (entry.face) meta.prepend(Object.assign(element("img"), { src: entry.face, alt: "" }));
}

function write(target, text) {
  if (target.textContent !== text) target.textContent = text;
}

let follows = true; // the newest message stays in sight, until the visitor scrolls up

function toEnd() {
  log.scrollTop = log.scrollHeight;
  follows = jump.hidden = true;
}

function changed(change, mustFollow = follows) {
  change();
  arrange();
  if (mustFollow) toEnd();
  else jump.hidden = false;
}

log.addEventListener("scroll", () => {
  follows = log.scrollHeight - log.scrollTop - log.clientHeight < 60;
  if (follows) jump.hidden = true;
});
new ResizeObserver(() => follows && toEnd()).observe(log);
