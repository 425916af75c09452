// The element that is written in. It starts as plain editable text, ready with the page; the real editor is fetched on the
// first touch and takes over the very same element, so that not a letter is lost.
import { useEffect, useRef, useState } from "react";
import { fragmentOf, paragraphs } from "./safe_html.jsx";

export function useWriting({ isDisabled, labels, colleagues, language, onWritten }) {
  const surface = useRef(null);
  const rich = useRef(null);
  const module = useRef(null); // rich_text.jsx, once it is here
  const loading = useRef(null);
  const shown = useRef(""); // what was put there, until somebody writes
  const [, redraw] = useState(0);
  const [isEmpty, setIsEmpty] = useState(true);
  const now = useRef({}); // what the editor, made once, asks for later
  now.current = { colleagues, language, onWritten, isDisabled };
  const awaited = useRef(null); // goes on when there are colleagues to call

  const text = () => (rich.current ? rich.current.getText({ blockSeparator: "\n" }) : surface.current.innerText);
  const html = () => {
    if (!text().trim()) return "";
    if (rich.current) return rich.current.getHTML();
    return shown.current || paragraphs(text().replace(/\n$/, "")); // a draft that nobody has touched, with all its marks
  };

  const show = (content) => {
    shown.current = content || "";
    if (rich.current) {
      rich.current.commands.setContent(content || "", { emitUpdate: false });
      module.current.toEnd(rich.current);
    } else surface.current.replaceChildren(...fragmentOf(content).childNodes);
    setIsEmpty(!text().trim());
  };

  const putBefore = (content) => {
    const before = fragmentOf(content);
    if (rich.current) rich.current.commands.insertContentAt(0, before.innerHTML, { updateSelection: false });
    else surface.current.prepend(...before.childNodes);
  };

  const touched = () => {
    shown.current = "";
    setIsEmpty(!text().trim());
  };

  const takeOverWith = async (richText) => {
    if (surface.current?.dataset.composing) {
      await new Promise((done) => surface.current.addEventListener("compositionend", () => setTimeout(done), { once: true }));
    }
    if (!surface.current || rich.current) return;
    const draw = () => redraw((count) => count + 1);
    module.current = richText;
    rich.current = richText.takeOver(surface.current, {
      onUpdate: () => now.current.onWritten(),
      onState: draw,
      colleagues: async () => {
        if (!now.current.colleagues.length) await new Promise((goOn) => { awaited.current = goOn; });
        return now.current.colleagues;
      },
      language: () => now.current.language,
      labels,
    });
    rich.current.setEditable(!now.current.isDisabled, false);
    draw();
  };

  // By a key; a click says itself where to go on.
  const begin = () => {
    let last = surface.current;
    while (last.lastChild) last = last.lastChild;
    if (!rich.current && shown.current) document.getSelection().setPosition(last, last.length ?? 0);
    load();
  };

  const load = () => {
    loading.current ??= import("./rich_text.jsx")
      .then(takeOverWith)
      .catch(() => { loading.current = null; }); // away for a moment: plain text goes on working
    return loading.current;
  };

  const insert = async (content, isHtml) => {
    await load();
    const value = isHtml ? fragmentOf(content).innerHTML : { type: "text", text: content };
    if (rich.current) return void rich.current.chain().focus().insertContent(value).run();
    surface.current.focus();
    document.execCommand("insertText", false, isHtml ? fragmentOf(content).textContent : content);
  };

  const act = (change) => async () => {
    await load();
    if (rich.current) change(rich.current.chain().focus()).run();
  };

  const focus = () => (rich.current ? rich.current.commands.focus() : surface.current.focus());

  const isOnEmptyLine = () => {
    if (!rich.current) return !text().trim();
    const { empty, $from } = rich.current.state.selection;
    return empty && $from.parent.content.size === 0;
  };

  const end = () => {
    rich.current?.destroy();
    rich.current = loading.current = null;
  };

  useEffect(() => rich.current?.setEditable(!isDisabled, false), [isDisabled]);
  useEffect(() => {
    if (colleagues.length) awaited.current?.();
  }, [colleagues]);

  return {
    surface, isEmpty, text, html, show, putBefore, touched, begin, load, insert, act, focus, isOnEmptyLine, end,
    rich: () => rich.current,
    isOn: (name) => Boolean(rich.current?.isActive(name)),
    forgetPast: () => rich.current && module.current.forgetPast(rich.current),
  };
}
