// The agency's page around us: only our parent, and always the same origin.

function toPage(message) {
  if (window.parent !== window && pageOrigin) window.parent.postMessage(message, pageOrigin);
}

window.addEventListener("message", (event) => {
  if (event.source !== window.parent || event.data?.witei !== "state") return;
  const isFirst = !pageOrigin;
  pageOrigin ??= event.origin === "null" ? "*" : event.origin; // "null" is a sandboxed page, which has no address
  if (pageOrigin !== "*" && event.origin !== pageOrigin) return;
  const wasOpen = host.open;
  const wasAt = host.page.url;
  const before = JSON.stringify(host.user);
  const token = stored(tokenKey);
  for (const [name, value] of event.data.kept || []) {
    if (value && (isFirst || [tokenKey, userKey].includes(name))) memory.set(name, value);
  }
  if (isFirst) goOnWriting();
  host = { page: event.data.page ?? {}, open: event.data.open, full: event.data.full, user: event.data.user };
  document.documentElement.classList.toggle("full", Boolean(host.full));
  watchBack();
  // Out of sight nothing could be measured.
  if (host.open && !wasOpen) {
    fitBox();
    toEnd();
  }
  if (before !== JSON.stringify(host.user)) become(isFirst ? performance.timeOrigin : Infinity);
  if (isFirst) changed(gatherUnsent); // before more is written, however long the line takes
  if (event.data.asked) (host.full ? $("chat") : box).focus(); // on a phone that brings no keyboard
  if (isWelcome && wasAt !== host.page.url) tell({ t: "page", page: hostPage() });
  if (isWelcome && stored(tokenKey) !== token && !isAnothers()) agree();
  connect();
  noticeUnread();
});

// The page says who is signed in, or (null) that nobody is any more. When it is no more who it was, this browser
// forgets whose chat it had, with what was not sent; what was written `since` is already the new one's.
function become(since) {
  const id = short(host.user?.id, 200);
  const before = stored(userKey);
  const isAnother = before && before !== id && (id || host.user === null);
  if (isAnother) forgetAll(since);
  if (id) keep(userKey, id);
  if (socket || isAnother) reconnectAs();
}

// In another tab somebody else has signed in since: that token is theirs.
function isAnothers() {
  return Boolean(host.user?.id && stored(userKey) && short(host.user.id, 200) !== stored(userKey));
}

function forgetAll(since = Infinity) {
  held.clear();
  const theirs = unsent().filter(({ order }) => order < since);
  [tokenKey, userKey, ...theirs.map(({ id }) => unsentPrefix + id)].forEach(forget);
}
