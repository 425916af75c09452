// The agency's page around us: only our parent, and always the same origin.

function toPage(message) {
  if (window.parent !== window && pageOrigin) window.parent.postMessage(message, pageOrigin);
}

window.addEventListener("message", (event) => {
  if (event.source !== window.parent || event.data?.witei !== "state") return;
  pageOrigin ??= event.origin === "null" ? "*" : event.origin; // "null" is a sandboxed page, which has no address
  if (pageOrigin !== "*" && event.origin !== pageOrigin) return;
  const wasOpen = host.open;
  const wasAt = host.page.url;
  const before = JSON.stringify(host.user);
  const token = stored(tokenKey);
  for (const [name, value] of event.data.kept || []) memory.set(name, value);
  if (event.data.kept) goOnWriting(memory.get(draftKey));
  host = { page: event.data.page ?? {}, open: event.data.open, full: event.data.full, user: event.data.user };
  document.documentElement.classList.toggle("full", Boolean(host.full));
  if (host.open && !wasOpen) toEnd();
  if (before !== JSON.stringify(host.user)) become();
  if (event.data.asked && !host.full) box.focus();
  if (isWelcome && wasAt !== host.page.url) tell({ t: "page", page: hostPage() });
  if (isWelcome && stored(tokenKey) !== token) reconnectAs(); // another tab got a new token
  connect();
  noticeUnread();
});

// The page says who is signed in, or (null) that nobody is any more: then this browser forgets whose chat it had.
function become() {
  if (host.user?.id) keep(userKey, String(host.user.id));
  else if (host.user === null && stored(userKey)) forgetAll();
  if (socket) reconnectAs();
}

function forgetAll() {
  [tokenKey, userKey, ...unsent().map(({ id }) => unsentPrefix + id)].forEach(forget);
}
