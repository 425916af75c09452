// What comes from Word, Excel and web pages and has no place in a message as it is: tables become lines, Word's lists
// (paragraphs that only look like one) lists, headings bold, so that what they say stays readable. What would not be sent
// is not shown either.
import { Fragment, Slice } from "@tiptap/pm/model";

const SEVERAL_LINES = "p, div, li, br, blockquote, table";
const LIST_LINE = '[style*="mso-list:"]:is(p, h1, h2, h3)';
const NO_WORDS = "script, style, template, svg, math, canvas, iframe, object, audio, video, select, textarea";
const LEADS_SOMEWHERE = /^(https?:|mailto:|tel:)/i;
const BLOCK = "p, div, ul, ol, blockquote, table, h1, h2, h3, h4, h5, h6";
const IS_BOLD = /^(bold|[6-9]00)/;

// Parsed in a document that never runs.
export function readable(html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  const { body } = page;
  const boldClasses = ofExcel(page);
  const isBold = (cell) => cell.tagName === "TH" || IS_BOLD.test(cell.style.fontWeight) || boldClasses.has(cell.className);
  body.querySelectorAll(NO_WORDS).forEach((element) => element.remove());
  body.querySelectorAll("a").forEach((link) => {
    if (!LEADS_SOMEWHERE.test(link.getAttribute("href"))) link.replaceWith(...link.childNodes);
  });
  body.querySelectorAll("img").forEach((picture) => picture.replaceWith(asSign(picture)));
  body.querySelectorAll("br").forEach(asEmptyLine);
  body.querySelectorAll("td, th").forEach((cell) => isBold(cell) && !cell.querySelector(SEVERAL_LINES) && embolden(cell));
  body.querySelectorAll("h1, h2, h3, h4, h5, h6").forEach(embolden);
  [...body.querySelectorAll("table")].reverse().forEach((table) => table.replaceWith(...[...table.rows].map(asLine)));
  body.querySelectorAll(LIST_LINE).forEach(intoList);
  return body.innerHTML;
}

// Plain text as if it had been typed: each line one, also those that are empty. Tabs would be a space in the mail.
export function typed(text, $context) {
  const { schema } = $context.doc.type;
  const lines = text.replace(/\n+$/, "").replaceAll("\t", "\u00A0\u00A0\u00A0 ").split(/\r\n?|\n/);
  const nodes = lines.map((line) => schema.nodes.paragraph.create(null, line ? schema.text(line, $context.marks()) : null));
  return Slice.maxOpen(Fragment.from(nodes));
}

// Excel says in a style sheet which cells are bold.
function ofExcel(page) {
  const sheet = [...page.querySelectorAll("style")].map((style) => style.textContent).join("\n");
  const rules = [...sheet.matchAll(/\.(xl\d+)\s*\{([^{}]*)\}/g)];
  return new Set(rules.filter(([, , looks]) => /font-weight:\s*(bold|[6-9]00)/.test(looks)).map(([, name]) => name));
}

// Gmail and others write signs as pictures.
const asSign = ({ alt }) => (/^\p{Extended_Pictographic}/u.test(alt) ? alt : "");

// An empty line is `<div><br></div>` in Gmail, a `<br>` between two blocks in Google Docs.
function asEmptyLine(end) {
  const line = end.parentElement;
  const isAlone = !line.textContent.trim() && line.children.length === 1;
  const isBetween = [end.previousSibling, end.nextSibling].every((beside) => beside?.matches?.(BLOCK));
  if (isAlone && line.tagName === "DIV") line.replaceWith(line.ownerDocument.createElement("p"));
  else if (isBetween) end.replaceWith(line.ownerDocument.createElement("p"));
}

function embolden(element) {
  const strong = element.ownerDocument.createElement("strong");
  strong.append(...element.childNodes);
  element.append(strong);
}

function asLine(row) {
  const cells = [...row.cells].filter((cell) => cell.textContent.trim());
  const isLayout = cells.some((cell) => cell.querySelectorAll(SEVERAL_LINES).length > 1);
  const line = row.ownerDocument.createElement(isLayout ? "div" : "p");
  cells.forEach((cell, place) => {
    if (place && !isLayout) line.append(" | ");
    line.append(...(isLayout ? [asBlock(cell)] : inlineOf(cell)));
  });
  return line;
}

function asBlock(cell) {
  const block = cell.ownerDocument.createElement("div");
  block.append(...cell.childNodes);
  return block;
}

const inlineOf = (cell) => {
  const only = cell.querySelector(SEVERAL_LINES);
  if (only) only.replaceWith(...(only.tagName === "BR" ? [" "] : only.childNodes));
  return cell.childNodes;
};

function intoList(line) {
  const sign = line.querySelector('[style*="mso-list:Ignore" i]');
  const tag = /^\s*\w{1,4}[.)]/.test(sign?.textContent ?? "") ? "OL" : "UL";
  const level = Number(/level(\d)/.exec(line.getAttribute("style"))?.[1] ?? 1);
  sign?.remove();
  const item = line.ownerDocument.createElement("li");
  item.append(...line.childNodes);
  listFor(line, level, tag).append(item);
  line.remove();
}

// The list of that level which stands before the line, or one that begins here.
function listFor(line, level, tag) {
  const before = line.previousElementSibling;
  let list = before?.dataset.wasLines ? before : null;
  let above = null; // the item that the list stands in
  for (let at = 1; list && at < level; at += 1) {
    above = list.lastElementChild;
    list = above.querySelector(":scope > [data-was-lines]:last-child");
  }
  if (list?.tagName === tag) return list;
  const begun = line.ownerDocument.createElement(tag);
  begun.dataset.wasLines = "1";
  if (above) above.append(begun);
  else line.before(begun);
  return begun;
}
