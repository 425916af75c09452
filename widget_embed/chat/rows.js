// The rows of the log: one for each message, one that says that somebody writes.

const dots = element("div", "dots");
const writer = element("span");
dots.append(element("i"), element("i"), element("i"), writer);
dots.hidden = true;
log.append(dots);

function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

const EMOJI_ALONE = /^(?:\p{Extended_Pictographic}|\p{Emoji_Modifier}|[\u200d\ufe0f\u{1f1e6}-\u{1f1ff}]){1,9}$/u;

function button(label, onClick, className) {
  const made = Object.assign(element("button", className, label), { type: "button" });
  made.addEventListener("click", onClick);
  return made;
}

function makeRow(entry, isNew) {
  const row = element("div", isNew ? "row new" : "row");
  row.classList.add(entry.by === "visitor" ? "me" : "them");
  const bubble = element("div", "bubble");
  bubble.dir = "auto";
  if (entry.html && entry.by === "agent") {
    bubble.classList.add("rich");
    bubble.append(copyAllowed(new DOMParser().parseFromString(entry.html, "text/html").body));
  } else {
    bubble.append(withLinks(entry.text || ""));
    bubble.classList.toggle("big", EMOJI_ALONE.test(entry.text));
  }
  bubble.append(...filesOf(entry));
  row.append(element("div", "day"), element("span", "sr", `${author(entry)}: `), bubble, element("div", "meta"));
  return row;
}

function filesOf({ files }) {
  if (!files?.length) return [];
  const shown = element("div", "files");
  for (const { name, size, url, kind } of files) {
    const line = shown.appendChild(element("div", "file", url ? undefined : name));
    if (!url) continue;
    const address = new URL(url, location.href).href;
    line.append(link(address, kind === "picture" ? picture(address, name) : `${name} (${size})`));
  }
  return [shown];
}

function picture(address, name) {
  const image = Object.assign(element("img"), { src: address, alt: name });
  image.addEventListener("load", () => follows && toEnd());
  return image;
}

function showFiles(entry, files) {
  entry.files = files;
  entry.row.querySelector(".files")?.replaceWith(...filesOf(entry));
}

const author = (entry) => (entry.by === "visitor" ? texts.you : entry.name || config.name);
