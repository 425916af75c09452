// The real editor, in a chunk of its own: loaded when somebody is about to write.
import { Editor } from "@tiptap/core";
import { EditorState } from "@tiptap/pm/state";
import StarterKit from "@tiptap/starter-kit";
import { completions } from "./completion.jsx";
import { readable, typed } from "./pasted.jsx";
import { Unfilled } from "./unfilled.jsx";

const MARKS = ["\uE000", "\uE001"]; // private use: nobody types these

const KIT = StarterKit.configure({
  code: false, codeBlock: false, dropcursor: false, gapcursor: false, heading: false, horizontalRule: false,
  strike: false, trailingNode: false,
  link: { openOnClick: false, autolink: true, linkOnPaste: true, protocols: ["mailto", "tel"], HTMLAttributes: { class: null } },
});

// Marks both ends of the selection in the text, so that it is found again after the content was rebuilt.
function markSelection(surface) {
  const selection = document.getSelection();
  const isInside = selection.rangeCount && surface.contains(selection.anchorNode) && surface.contains(selection.focusNode);
  if (!isInside) return false;
  const range = selection.getRangeAt(0);
  const end = range.cloneRange();
  end.collapse(false);
  end.insertNode(document.createTextNode(MARKS[1]));
  const start = range.cloneRange();
  start.collapse(true);
  start.insertNode(document.createTextNode(MARKS[0]));
  return true;
}

// Who comes to what was begun goes on behind it.
export const toEnd = (editor) => editor.commands.setTextSelection(editor.state.doc.content.size);

function restoreSelection(editor) {
  const found = {};
  editor.state.doc.descendants((node, position) => {
    if (!node.isText) return;
    MARKS.forEach((mark, index) => {
      const at = node.text.indexOf(mark);
      if (at >= 0) found[index] = position + at;
    });
  });
  if (found[0] === undefined || found[1] === undefined) return toEnd(editor);
  const { tr } = editor.state;
  tr.delete(found[1], found[1] + 1).delete(found[0], found[0] + 1).setMeta("addToHistory", false);
  editor.view.dispatch(tr);
  editor.commands.setTextSelection({ from: found[0], to: found[1] - 1 });
}

// Undo goes back no further than this: what was written in one conversation does not come back in another.
export function forgetPast(editor) {
  const { schema, doc, plugins, selection } = editor.state;
  editor.view.updateState(EditorState.create({ schema, doc, plugins, selection }));
}

// An address that is pasted over words becomes their link, also with the title that Edge copies beside it.
function pasteLink(editor, event) {
  const address = event.clipboardData.getData("text/plain").trim();
  if (editor.state.selection.empty || !/^(https?:\/\/|mailto:)\S+$/i.test(address)) return false;
  return editor.commands.setLink({ href: address });
}

// Takes over the element that is already being written in: same node, same focus, same text, same selection.
export function takeOver(surface, { onUpdate, onState, ...about }) {
  const hadFocus = document.activeElement === surface;
  markSelection(surface);
  const content = surface.innerHTML;
  surface.replaceChildren();
  const editor = new Editor({
    element: { mount: surface },
    extensions: [KIT, Unfilled, ...completions(about)],
    content,
    injectCSS: false,
    coreExtensionOptions: { clipboardTextSerializer: { blockSeparator: "\n" } },
    editorProps: {
      transformPastedHTML: readable,
      clipboardTextParser: typed,
      handlePaste: (_, event) => pasteLink(editor, event),
    },
    parseOptions: { preserveWhitespace: true },
    onUpdate,
    onTransaction: onState,
  });
  restoreSelection(editor);
  if (hadFocus) editor.view.focus();
  return editor;
}
