// Says for a while that somebody is typing. Each new signal lasts some seconds; a message ends it.
import { useEffect, useState } from "react";

const LASTS = 6000;

function useSigns(signal) {
  const [isShown, setShown] = useState(false);
  useEffect(() => {
    if (!signal) return setShown(false);
    setShown(true);
    const timer = setTimeout(() => setShown(false), LASTS);
    return () => clearTimeout(timer);
  }, [signal]);
  return [isShown, setShown];
}

export function WhileTyping({ signal, said, otherwise }) {
  const [isShown] = useSigns(signal);
  return <span className="cut">{isShown ? said : otherwise}</span>;
}

export function TypingLine({ signal, count, label }) {
  const [isShown, setShown] = useSigns(signal);
  useEffect(() => setShown(false), [count]);
  return (
    <div className="typing-line" role="status">
      {isShown && <span><i /><i /><i />{label}</span>}
    </div>
  );
}
