// Text and markup that came from elsewhere, as elements that do nothing but show it.

const isMention = (element) => element.tagName === "SPAN" && /^\d+$/.test(element.dataset.mention ?? "");
const KEEPS = new Set(["P", "DIV", "BR", "STRONG", "B", "EM", "I", "U", "A", "UL", "OL", "LI", "BLOCKQUOTE"]);

// Parsed in a document that never runs; what is not a simple text element is replaced by its content.
export function fragmentOf(html) {
  const body = new DOMParser().parseFromString(html ?? "", "text/html").body;
  body.querySelectorAll("script, style, template").forEach((element) => element.remove());
  body.querySelectorAll("*").forEach((element) => {
    if (!KEEPS.has(element.tagName) && !isMention(element)) return element.replaceWith(...element.childNodes);
    for (const { name, value } of [...element.attributes]) {
      if (name === "data-mention") continue;
      if (name !== "href" || !/^(https?:|mailto:|tel:)/i.test(value)) element.removeAttribute(name);
    }
  });
  return body;
}

export const hasWords = (html) => Boolean(fragmentOf(html).textContent.trim());

export function escapeHtml(text) {
  return text.replace(/[&<>"]/g, (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[sign]);
}

export function paragraphs(text) {
  return text.split("\n").map((line) => `<p>${escapeHtml(line)}</p>`).join("");
}
