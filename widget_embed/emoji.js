// The visitor's emoji, brought at the first click on their button. The server puts in one language's list and words.
const groups = GROUPS;
const words = WORDS;
const ACROSS = 8;
const CSS = `
  .emoji{position:absolute;z-index:1;inset:auto 12px 4px;max-height:min(280px,100%);display:flex;flex-direction:column;border-radius:14px;
    background:var(--surface);box-shadow:0 0 0 1px var(--line-strong),0 8px 28px rgb(0 0 0/20%)}
  .emoji input{flex:none;margin:10px 10px 4px;height:34px;padding:0 12px;border:1px solid var(--line-strong);border-radius:10px;background:none;
    color:inherit;font:inherit}
  .full .emoji input{font-size:16px}
  .emoji .all{overflow:auto;padding:0 10px 8px;overscroll-behavior:contain;scrollbar-width:thin}
  .emoji h2{margin:8px 2px 2px;font-size:12px;font-weight:600;color:var(--ink-2)}
  .emoji .grid{display:grid;grid-template-columns:repeat(${ACROSS},1fr)}
  .emoji button{aspect-ratio:1;max-height:44px;border-radius:8px;font:22px/1 "Apple Color Emoji","Segoe UI Emoji","Noto Color Emoji",sans-serif}
  .emoji button:hover{background:var(--sunken)}
  .emoji p{margin:8px 2px;color:var(--ink-2);font-size:13px}`;
// Into the page's own: its policy takes no other, and Safari before 16.4 cannot make one.
const [sheet] = document.styleSheets;
sheet.insertRule(`@media all{${CSS}}`, sheet.cssRules.length);

const make = (tag, more) => Object.assign(document.createElement(tag), more);
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

// The panel; `pick` is told each emoji that is chosen.
export default (pick) => {
  const panel = make("div", { className: "emoji", id: "emojis" });
  panel.role = "dialog";
  panel.setAttribute("aria-label", words.title);
  const search = panel.appendChild(make("input", { type: "search", placeholder: words.search, dir: "auto" }));
  search.setAttribute("aria-label", words.search);
  const all = panel.appendChild(make("div", { className: "all" }));
  const sections = groups.map((group) => sectionOf(group, pick));
  const nothing = make("p", { textContent: words.none, hidden: true });
  nothing.role = "status";
  all.append(...sections, nothing);
  search.addEventListener("input", () => {
    for (const section of sections) section.hidden = !find(section, plain(search.value.trim()));
    nothing.hidden = sections.some((section) => !section.hidden);
    mark(panel);
  });
  panel.addEventListener("keydown", (event) => move(event, panel, search));
  // The pointer picks without taking the place in the text.
  all.addEventListener("mousedown", (event) => event.preventDefault());
  mark(panel);
  return panel;
};

function sectionOf([title, emojis], pick) {
  const section = make("section");
  const grid = make("div", { className: "grid" });
  for (const [sign, names] of emojis) {
    const button = grid.appendChild(make("button", { type: "button", textContent: sign, title: names }));
    button.setAttribute("aria-label", names);
    button.addEventListener("click", () => pick(sign));
  }
  section.append(make("h2", { textContent: title }), grid);
  return section;
}

// Each word that is typed begins one of the names.
function find(section, typed) {
  const shown = [...section.lastChild.children].filter((button) => {
    const names = ` ${plain(button.title)}`;
    button.hidden = !typed.split(/\s+/).every((word) => names.includes(` ${word}`));
    return !button.hidden;
  });
  return shown.length;
}

// One stop for the tabulator among them all; arrows go on from there.
function mark(panel, chosen) {
  const shown = [...panel.querySelectorAll("section:not([hidden]) button:not([hidden])")];
  for (const button of panel.querySelectorAll("button")) button.tabIndex = -1;
  const one = chosen ?? shown[0];
  if (one) one.tabIndex = 0;
  return shown;
}

function move(event, panel, search) {
  const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: ACROSS, ArrowUp: -ACROSS }[event.key];
  if (!step || (event.target === search && event.key !== "ArrowDown")) return;
  event.preventDefault();
  const shown = mark(panel);
  const at = event.target === search ? 0 : shown.indexOf(event.target) + step * (Math.abs(step) === 1 && isReversed(panel) ? -1 : 1);
  const next = at < 0 ? search : shown[Math.min(at, shown.length - 1)];
  if (next !== search) mark(panel, next);
  next?.focus();
}

const isReversed = (panel) => getComputedStyle(panel).direction === "rtl";
