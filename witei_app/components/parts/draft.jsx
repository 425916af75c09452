// The draft of the conversation that is shown: kept on the server at every pause, in this tab until that is known, and
// shared with the user's other tabs.
import { useEffect, useRef, useState } from "react";
import { early, kept, numberOfSave, savedNoMore, turns, unkept, unkeptKind, wasKept } from "./kept.jsx";
import { answered, isOnItsWay, isRestored, isSame, justTaken, takeOut } from "./outgoing.jsx";
import { paragraphs } from "./safe_html.jsx";

const PAUSE = 500;
const LONGEST_PAUSE = 2500; // who writes without a pause is kept too, and seen to write
// What a message may have (reply.py). With twice as much the line to the server breaks, again at each try.
const MOST_BYTES = 512 * 1024;
const isMore = (content) => content?.length > MOST_BYTES / 3 && new Blob([content]).size > MOST_BYTES;

// `draft.current` is { id, timer, since, isAwaited, isNote }: whose it is, when it is saved, since when it waits, whether
// the page that holds its beginning is still to come, and whether the screen says that it is a note.
export function useDraft(writing, { chosenId, conversationId, owner, initialHtml, isNote, onChange, ...signals }) {
  const draft = useRef({ id: null, timer: 0 });
  const isHere = chosenId === conversationId;
  const [isTooLong, setTooLong] = useState(false);

  const stop = () => {
    clearTimeout(draft.current.timer);
    draft.current.timer = 0;
  };

  const save = () => {
    const { id, timer } = draft.current;
    stop();
    if (!timer) return;
    draft.current.since = 0;
    if (isMore(writing.html())) return;
    const number = numberOfSave(id);
    onChange?.(id, writing.html(), number, Boolean(draft.current.isNote));
  };

  const saveAgain = () => {
    if (draft.current.isAwaited || unkept.get(owner, draft.current.id) === null) return;
    draft.current.timer ||= -1;
    save();
  };

  const written = () => {
    const { id, isAwaited } = draft.current;
    writing.touched();
    if (!id) return;
    if (isAwaited) early.set(id, writing.html());
    if (isSame(id, writing.text())) return; // the editor took over what is on its way
    savedNoMore(id);
    const content = writing.html();
    setTooLong(isMore(content));
    unkept.set(owner, id, content);
    if (isAwaited) return;
    kept.set(id, content);
    clearTimeout(draft.current.timer);
    draft.current.since ||= Date.now();
    const left = draft.current.since + LONGEST_PAUSE - Date.now();
    draft.current.timer = setTimeout(() => latest.current.save(), Math.max(0, Math.min(PAUSE, left)));
  };
  const latest = useRef({});
  latest.current = { save, owner };

  // What was written before its draft was here stands below it; whoever still writes goes on where they are.
  const join = () => {
    draft.current.isAwaited = false;
    if (!early.delete(draft.current.id)) return writing.show(initialHtml);
    writing.putBefore(initialHtml);
    written();
  };

  const change = () => {
    save(); // what was written to the one before belongs to it
    const known = early.has(chosenId) ? null : (kept.get(chosenId) ?? unkept.get(owner, chosenId));
    draft.current.id = chosenId || null;
    draft.current.isNote = unkeptKind.get(owner, chosenId) === "note";
    draft.current.isAwaited = known === null;
    setTooLong(isMore(known));
    writing.show(known ?? early.get(chosenId));
  };

  const wasSent = ({ id, text: gone }) => {
    unkept.delete(owner, id);
    kept.set(id, ""); // not deleted: `initialHtml` may still be the draft that was just sent
    if (id !== draft.current.id) return;
    stop();
    const text = writing.text();
    const rest = text.startsWith(gone) ? text.slice(gone.length).trimStart() : "";
    writing.show(rest && paragraphs(rest));
    if (rest) written();
    else writing.forgetPast(); // Ctrl+Z does not bring back what is on its way
  };

  // Another tab of the same user may have written in it, or sent it: the server has read it anew.
  const readAnew = () => {
    const { id, timer } = draft.current;
    if (timer || isOnItsWay(id) || unkept.get(owner, id) !== null) return;
    kept.delete(id);
    writing.show(initialHtml);
  };

  // The editor may have gone with the answer (sent and archived) before it heard of it: first of all, this is no draft.
  useEffect(() => {
    const gone = answered(signals.clearSignal);
    if (gone) wasSent(gone);
  }, []);
  useEffect(() => {
    const isOther = draft.current.id !== chosenId;
    if (isOther) change();
    if (isHere && draft.current.isAwaited) join();
    if (isOther) writing.forgetPast();
    if (isHere) saveAgain();
  }, [chosenId, isHere]);
  useEffect(() => {
    if (isHere) draft.current.isNote = isNote;
  }, [chosenId, isHere, isNote]);
  useSignals({ ...signals, isHere, initialHtml, conversationId, owner, draft, writing, saveAgain, readAnew, wasSent });
  useEffect(() => {
    const leave = () => latest.current.save();
    addEventListener("pagehide", leave);
    return () => {
      removeEventListener("pagehide", leave);
      leave();
      if (isOnItsWay(draft.current.id)) unkept.delete(latest.current.owner, draft.current.id);
      writing.end();
    };
  }, []);

  // Hands out what is written, to be sent; null when it just was.
  const take = (signal) => {
    const { id } = draft.current;
    const content = writing.html();
    const out = takeOut(id, writing.text(), content, signal);
    if (out) stop();
    return out && { id, content, ...out };
  };
  return { written, save, take, justTaken, isTooLong };
}

// What the server says by numbers that change.
function useSignals({
  askSignal, keptSave, draftTurn, clearSignal, restored, restoreSignal,
  isHere, initialHtml, conversationId, owner, draft, writing, saveAgain, readAnew, wasSent,
}) {
  const turn = useRef(turns.get(conversationId) ?? draftTurn);
  useEffect(() => {
    if (askSignal) saveAgain();
  }, [askSignal]);
  useEffect(() => wasKept(owner, keptSave), [keptSave]);
  useEffect(() => {
    turns.set(conversationId, draftTurn);
    if (draftTurn === turn.current) return;
    turn.current = draftTurn;
    if (isHere) readAnew();
  }, [draftTurn]);
  useEffect(() => {
    if (isHere && initialHtml && !kept.has(conversationId) && !writing.text().trim()) writing.show(initialHtml);
  }, [initialHtml]);
  useEffect(() => {
    const gone = answered(clearSignal);
    if (gone) wasSent(gone);
  }, [clearSignal]);
  useEffect(() => {
    if (!isRestored(restoreSignal)) return;
    kept.delete(restored); // what was sent from there is its draft again
    if (!isHere || restored !== draft.current.id) return;
    writing.show(initialHtml);
    // Who undid it goes on in the text, unless they write elsewhere meanwhile.
    if (!document.activeElement?.matches("input, textarea, [contenteditable]")) writing.focus();
  }, [restoreSignal]);
}
