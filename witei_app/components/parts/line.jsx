// The tab's line to the server: what is said while it is lost, what makes it look for itself, and what was being filled
// in when the server began anew, perhaps as a newer version. It is on every page, so from here presses are held to their
// buttons and shown, the focus is held to its place, and files that are dropped away from the page.
import { useEffect, useRef, useState } from "react";
import { showBusy } from "./busy.jsx";
import { guardDrops } from "./drops.jsx";
import { holdFocus } from "./focus.jsx";
import { keepForms, takeLost } from "./forms.jsx";
import { sendOnce } from "./once.jsx";
import { holdPresses } from "./press.jsx";
import { useSilence } from "./silence.jsx";
import { followVersion } from "./version.jsx";

const BEAT = 2000;
const ASLEEP = 20_000; // so late comes the beat of a computer that slept: the server may have hung up since
const LEFT = 1500;

// Reflex looks whether its line is there when the tab comes to the front: this is the way to have it look.
const look = () => document.dispatchEvent(new Event("visibilitychange"));

export function LineKeeper({ hasErrors, isHydrated, trouble, words }) {
  const [isOffline, setOffline] = useState(false);
  const [lost, setLost] = useState("");
  const isSilent = useSilence();

  useEffect(() => {
    const changed = () => setOffline(!navigator.onLine);
    changed();
    // What the socket does by itself, but not on localhost: it waits for a sign of life that cannot come.
    const gone = () => window.dispatchEvent(new Event("offline"));
    let beatAt = Date.now();
    const beat = setInterval(() => {
      if (Date.now() - beatAt > ASLEEP) gone();
      beatAt = Date.now();
    }, BEAT);
    const shown = (event) => event.persisted && look();
    // A link to a file or to a mail program begins to leave the page, so that Reflex hangs up; and then the page stays.
    const leaving = () => setTimeout(look, LEFT);
    addEventListener("online", changed);
    addEventListener("online", look);
    addEventListener("offline", changed);
    addEventListener("pageshow", shown);
    addEventListener("beforeunload", leaving);
    return () => {
      clearInterval(beat);
      removeEventListener("online", changed);
      removeEventListener("online", look);
      removeEventListener("offline", changed);
      removeEventListener("pageshow", shown);
      removeEventListener("beforeunload", leaving);
    };
  }, []);

  useEffect(() => sendOnce(), []); // before those who hear of what was sent
  useEffect(() => keepForms(setLost), []);
  useEffect(() => holdPresses(), []);
  useEffect(() => holdFocus(), []);
  useEffect(() => guardDrops(), []);
  useEffect(() => showBusy(), []);
  const wasHydrated = useRef(false);
  const isAnew = useRef(false);
  useEffect(() => {
    if (!isHydrated && wasHydrated.current) {
      takeLost(setLost);
      isAnew.current = true;
    }
    if (isHydrated && isAnew.current) followVersion(); // not before: a server that begins may end again
    wasHydrated.current = isHydrated;
  }, [isHydrated]);
  useEffect(() => {
    const timer = lost && setTimeout(() => setLost(""), 10_000);
    return () => clearTimeout(timer);
  }, [lost]);

  const said = hasErrors || isOffline ? words.line : isSilent ? words.silence : words[trouble];
  return (
    <>
      {said && (
        <div className="offline" role="status">
          <svg className="icon small" aria-hidden="true"><use href="/icons.svg#offline" /></svg>
          {said}
        </div>
      )}
      <div role="status">{lost && <div className="toast">{words.lost.replace("{title}", lost)}</div>}</div>
    </>
  );
}
