// Where one could write until a moment ago, and a colleague archived, deleted or took the conversation: what was written
// is kept. Which conversation it was, the address says.
import { useLocation } from "react-router";
import { kept, unkept } from "./kept.jsx";
import { conversationIn } from "./of_address.jsx";
import { isOnItsWay } from "./outgoing.jsx";

export function KeptText({ owner, words, className }) {
  const { pathname } = useLocation();
  const id = conversationIn(pathname);
  const isThere = !isOnItsWay(id) && Boolean(kept.get(id) || unkept.get(owner, id));
  return isThere ? <span role="alert" className={className}>{words}</span> : null;
}
