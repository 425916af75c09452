// Whether the server answers at all: an open line says nothing of a server that hangs. It is asked while somebody does
// something here, and again and again while it does not answer.
import { useEffect, useState } from "react";

const EVERY = 4000;
const LONG = 5000;
const AGAIN = 1000;

async function answers() {
  try {
    await fetch("/healthz", { cache: "no-store", signal: AbortSignal.timeout(LONG) });
    return true;
  } catch {
    return false;
  }
}

export function useSilence() {
  const [isSilent, setSilent] = useState(false);
  useEffect(() => {
    let askedAt = 0;
    let next = 0; // 0 while nobody asks, or is about to
    const ask = async () => {
      askedAt = Date.now();
      const isAnswered = await answers();
      setSilent(!isAnswered);
      next = isAnswered ? 0 : setTimeout(ask, AGAIN);
    };
    const onAct = () => {
      next ||= setTimeout(ask, Math.max(0, askedAt + EVERY - Date.now()));
    };
    addEventListener("keydown", onAct, true);
    addEventListener("pointerdown", onAct, true);
    return () => {
      clearTimeout(next);
      removeEventListener("keydown", onAct, true);
      removeEventListener("pointerdown", onAct, true);
    };
  }, []);
  return isSilent;
}
