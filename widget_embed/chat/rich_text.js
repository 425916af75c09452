// The server has cleaned it; this is the second lock: only these elements are made anew, without attributes.
const ALLOWED = new Set("P BR B STRONG I EM U S A UL OL LI BLOCKQUOTE CODE PRE".split(" "));
const DROPPED = new Set("SCRIPT STYLE TEMPLATE TITLE IFRAME OBJECT SVG MATH".split(" "));

function copyAllowed(source) {
  const copy = document.createDocumentFragment();
  for (const node of source.childNodes) {
    if (node.nodeType === Node.TEXT_NODE) copy.append(node.data);
    else if (node.nodeType === Node.ELEMENT_NODE && !DROPPED.has(node.nodeName.toUpperCase())) {
      const inside = copyAllowed(node);
      copy.append(ALLOWED.has(node.nodeName) ? wrap(node, inside) : inside);
    }
  }
  return copy;
}

function wrap(node, inside) {
  if (node.nodeName === "A") return link(node.getAttribute("href"), inside);
  const made = element(node.nodeName);
  made.append(inside);
  return made;
}

function link(address, content) {
  if (!/^(https?:|mailto:|tel:)/i.test(address || "")) return content;
  const anchor = element("a");
  anchor.href = address;
  anchor.target = "_blank";
  anchor.rel = "noopener noreferrer nofollow";
  anchor.append(content);
  return anchor;
}

// Web addresses and those of mail, without what turns letters around.
const LINKS = new RegExp(
  `((?:https?://|\\bwww\\.)[^\\s<>"'${TURNING}]*[^\\s<>"'.,;:!?)\\]${TURNING}]|\\b[\\w.+-]{1,64}@[\\w-]{1,63}(?:\\.[\\w-]{1,63})+)`,
  "i",
);

function withLinks(text) {
  const copy = document.createDocumentFragment();
  text.split(LINKS).forEach((part, at) => {
    if (at % 2 === 0) return copy.append(part);
    const scheme = /^https?:/i.test(part) ? "" : part.includes("@") ? "mailto:" : "https://";
    copy.append(link(scheme + part, part));
  });
  return copy;
}
