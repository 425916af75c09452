// Seen and unread.

let toldUnread = null; // the number that the page knows

function noticeUnread() {
  const theirs = entries.filter((entry) => entry.by === "agent" && entry.n > readByVisitor);
  if (theirs.length && host.open && !document.hidden) {
    readByVisitor = theirs.at(-1).n;
    tell({ t: "read", n: readByVisitor });
    theirs.length = 0;
  }
  if (!pageOrigin || theirs.length === toldUnread) return;
  toPage({ witei: "unread", n: (toldUnread = theirs.length) });
}
