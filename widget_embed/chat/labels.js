// What stands around the bubbles: days, names, times, states.

const GROUP_GAP = 5 * 60_000;
const { dates } = config;
const [halves, weekdays, months] = [dates.halves, dates.weekdays, dates.months].map((names) => names.split("|"));

// By our own tables: the first time that it words a date the browser reads its own, which takes it 11 ms.
function spell(pattern, moment) {
  const at = new Date(moment);
  const hour = at.getHours();
  const parts = { E: weekdays[at.getDay()], d: at.getDate(), M: months[at.getMonth()], H: hour, h: hour % 12 || 12 };
  Object.assign(parts, { m: at.getMinutes(), a: halves[+(hour > 11)] });
  return pattern.replace(/\{(\w)(\w?)\w*\}/g, (_, part, isTwo) => String(parts[part]).padStart(isTwo ? 2 : 1, "0"));
}

function dayName(at) {
  const midnight = (date) => new Date(date).setHours(0, 0, 0, 0);
  const days = Math.round((midnight(at) - midnight(now())) / 86_400_000);
  const name = days < -1 ? spell(dates.day, at) : days < 0 ? texts.yesterday : texts.today;
  return name[0].toLocaleUpperCase(lang) + name.slice(1);
}

function together(a, b) {
  return a && b && a.by === b.by && author(a) === author(b) && Math.abs(new Date(a.at) - new Date(b.at)) < GROUP_GAP;
}

function arrange() {
  let day = new Date(now()).toDateString(); // today needs no heading unless an older day stands above it
  entries.forEach((entry, index) => {
    const { row } = entry;
    const itsDay = entry.n ? new Date(entry.at).toDateString() : day;
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
  const time = entry.at ? ` · ${spell(dates.time, entry.at)}` : "";
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
new ResizeObserver(() => {
  if (!box.style.height) requestAnimationFrame(fitBox);
  if (follows) toEnd();
}).observe(log);
