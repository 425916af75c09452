// What completes itself while one writes: ":son" to an emoji, "@lu" to a colleague in an internal note.
import { Extension } from "@tiptap/core";
import Mention from "@tiptap/extension-mention";
import { PluginKey } from "@tiptap/pm/state";
import { Suggestion } from "@tiptap/suggestion";
import { fold } from "./menu.jsx";

const MOST = 8;
const SHORTEST = 2; // letters after the colon: ":)" and "10:30" are no search

// A list of choices beside the caret, worked by the arrow keys while the focus stays in the text.
function choices(label, draw) {
  let list, items, pick, at;
  const surface = (props) => props.editor.view.dom;
  const show = (props) => {
    items = props.items;
    pick = props.command;
    at = 0;
    list.replaceChildren(...items.map((item, place) => {
      const row = document.createElement("span");
      row.className = "item";
      row.id = `completion-${place}`;
      row.setAttribute("role", "option");
      row.append(...draw(item));
      row.addEventListener("mousedown", (event) => { event.preventDefault(); pick(item); });
      return row;
    }));
    if (!items.length) return list.hidePopover();
    list.showPopover();
    const caret = props.clientRect?.();
    if (caret) {
      const { width, height } = list.getBoundingClientRect();
      const isAbove = caret.top - height > 8;
      list.style.top = `${isAbove ? caret.top - height - 6 : caret.bottom + 6}px`;
      list.style.left = `${Math.max(8, Math.min(caret.left, innerWidth - width - 8))}px`;
    }
    mark(props.editor.view.dom);
    return undefined;
  };
  const mark = (element) => {
    [...list.children].forEach((row, place) => row.setAttribute("aria-selected", place === at));
    list.children[at]?.scrollIntoView({ block: "nearest" });
    element.setAttribute("aria-activedescendant", `completion-${at}`);
  };
  return {
    onStart: (props) => {
      list = document.createElement("div");
      list.className = "menu completion";
      list.popover = "manual";
      list.setAttribute("role", "listbox");
      list.setAttribute("aria-label", label);
      (surface(props).closest("dialog") ?? document.body).append(list); // a dialog makes all outside it unreachable
      show(props);
    },
    onUpdate: show,
    onKeyDown: ({ event, view }) => {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (!items?.length) return false;
      if (step) {
        at = (at + step + items.length) % items.length;
        mark(view.dom);
        return true;
      }
      if (event.key === "Escape") {
        list.hidePopover();
        items = [];
        return true;
      }
      if (!["Enter", "Tab"].includes(event.key) || event.ctrlKey || event.metaKey) return false;
      pick(items[at]);
      return true;
    },
    onExit: (props) => {
      surface(props).removeAttribute("aria-activedescendant");
      list?.remove();
      list = undefined;
    },
  };
}

function text(tag, content, className = "") {
  const element = document.createElement(tag);
  element.textContent = content;
  element.className = className;
  return element;
}

const emoji = (about) => Extension.create({
  name: "emojiCompletion",
  addProseMirrorPlugins() {
    return [Suggestion({
      editor: this.editor,
      pluginKey: new PluginKey("emoji"),
      char: ":",
      items: async ({ query }) => {
        if (query.length < SHORTEST || !/^[\p{L}\p{N}_+-]+$/u.test(query)) return [];
        const { findEmoji } = await import("./emoji.jsx");
        return (await findEmoji(query, about.language())).slice(0, MOST);
      },
      command: ({ editor, range, props }) => editor.chain().focus().insertContentAt(range, `${props.unicode} `).run(),
      render: () => choices(about.labels.emoji, ({ unicode, annotation }) => [text("span", unicode), text("span", annotation, "cut")]),
    })];
  },
});

const mention = (about) => Mention.extend({
  addAttributes: () => ({
    id: { parseHTML: (element) => element.dataset.mention },
    label: { parseHTML: (element) => element.textContent.replace(/^@/, "") },
  }),
  parseHTML: () => [{ tag: "span[data-mention]" }],
  renderHTML: ({ node }) => ["span", { "data-mention": node.attrs.id, class: "mention" }, `@${node.attrs.label}`],
  renderText: ({ node }) => `@${node.attrs.label}`,
}).configure({
  suggestion: {
    char: "@",
    items: async ({ query }) => { // who writes fast has the name there before the page knows that it is a note
      const wanted = fold(query);
      const colleagues = await about.colleagues();
      const found = colleagues.filter(({ name }) => fold(name).split(/\s+/).some((part) => part.startsWith(wanted)) || fold(name).startsWith(wanted));
      return found.slice(0, MOST).map(({ id, name }) => ({ id: String(id), label: name }));
    },
    render: () => choices(about.labels.colleagues, ({ label }) => [text("b", label, "cut")]),
  },
});

export const completions = (about) => [emoji(about), mention(about)];
