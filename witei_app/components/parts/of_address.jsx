// A page of one thing among many keeps what it showed last: until the one in the address is there, `waiting` (the first
// child) stands in its place. Nobody reads, or writes to, the one before.
import { Children } from "react";
import { useLocation } from "react-router";

// The number of the conversation that is open, 0 for none: the address says it at once, the server a little later.
export const conversationIn = (pathname) => Number(/^\/conversations\/(\d{1,19})\/?$/.exec(pathname)?.[1] ?? 0);

export function OfAddress({ number, children }) {
  const { pathname } = useLocation();
  const [waiting, ...page] = Children.toArray(children);
  const asked = /\/(\d{1,19})\/?$/.exec(pathname)?.[1];
  return Number(asked ?? 0) === number ? page : waiting;
}
