// Copying one value. Plain HTTP, as in an office's own network, has no navigator.clipboard.
import { useEffect, useState } from "react";

function copyBySelection(text) {
  const box = document.createElement("textarea");
  box.value = text;
  box.style.position = "fixed";
  document.body.append(box);
  box.select();
  document.execCommand("copy");
  box.remove();
}

export function CopyButton({ text, label, word, doneWord, className }) {
  const [isDone, setDone] = useState(false);
  useEffect(() => {
    if (!isDone) return undefined;
    const timer = setTimeout(() => setDone(false), 2000);
    return () => clearTimeout(timer);
  }, [isDone]);
  const onClick = async () => {
    if (navigator.clipboard) await navigator.clipboard.writeText(text).catch(() => copyBySelection(text));
    else copyBySelection(text);
    setDone(true);
  };
  return (
    <button type="button" className={className} aria-label={label} onClick={onClick}>
      <span aria-live="polite">{isDone ? doneWord : word}</span>
    </button>
  );
}
