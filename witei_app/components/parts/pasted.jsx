// What comes from Word, Excel and web pages and has no place in a message as it is: tables become lines, Word's lists
// (paragraphs that only look like one) lists, so that what they say stays readable.
const SEVERAL_LINES = "p, div, li, br, blockquote, table";
const LIST_LINE = '[style*="mso-list:"]:is(p, h1, h2, h3)';

// Parsed in a document that never runs.
export function readable(html) {
  const { body } = new DOMParser().parseFromString(html, "text/html");
  [...body.querySelectorAll("table")].reverse().forEach((table) => table.replaceWith(...[...table.rows].map(asLine)));
  body.querySelectorAll(LIST_LINE).forEach(intoList);
  return body.innerHTML;
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
  if (only) only.replaceWith(...only.childNodes);
  return cell.childNodes;
};

function intoList(line) {
  const sign = line.querySelector('[style*="mso-list:Ignore" i]');
  const tag = /^\s*\w{1,4}[.)]/.test(sign?.textContent ?? "") ? "OL" : "UL";
  sign?.remove();
  const before = line.previousElementSibling;
  const list = before?.dataset.wasLines && before.tagName === tag ? before : line.ownerDocument.createElement(tag);
  list.dataset.wasLines = "1";
  const item = line.ownerDocument.createElement("li");
  item.append(...line.childNodes);
  if (list !== before) line.replaceWith(list);
  else line.remove();
  list.append(item);
}
