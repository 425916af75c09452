// The places of a template that nothing has filled, "{{contact.phone}}": seen before they stop the sending.
import { Extension } from "@tiptap/core";
import { Plugin } from "@tiptap/pm/state";
import { Decoration, DecorationSet } from "@tiptap/pm/view";

const PLACE = /\{\{[^{}]{1,290}\}\}/g;

function marks(doc) {
  const found = [];
  doc.descendants((node, position) => {
    if (!node.isTextblock) return;
    // A mention or a line break is one place of the document, whatever it says.
    const text = node.textBetween(0, node.content.size, undefined, "\uFFFC");
    for (const { index, 0: place } of text.matchAll(PLACE)) {
      const from = position + 1 + index;
      found.push(Decoration.inline(from, from + place.length, { class: "unfilled" }));
    }
  });
  return DecorationSet.create(doc, found);
}

export const Unfilled = Extension.create({
  name: "unfilled",
  addProseMirrorPlugins: () => [new Plugin({ props: { decorations: ({ doc }) => marks(doc) } })],
});
