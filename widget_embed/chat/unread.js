// Seen and unread.

function noticeUnread() {
  const theirs = entries.filter((entry) => entry.by === "agent" && entry.n > readByVisitor);
  if (theirs.length && host.open && !document.hidden) {
    readByVisitor = theirs.at(-1).n;
    tell({ t: "read", n: readByVisitor });
    theirs.length = 0;
  }
  toPage({ witei: "unread", n: theirs.length });
}
