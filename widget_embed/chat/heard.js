// What the server says.

const HEARD = {
  welcome(frame) {
    const isNew = !isWelcome; // by HTTP each answer begins with a welcome
    if (isNew && stored(tokenKey) !== offered) return reconnectAs(); // another tab was first
    if (back) arrived(frame);
    if (frame.token) keep(tokenKey, (offered = frame.token));
    if (thread && thread !== frame.thread) return reconnectAs(frame.thread); // the old one is gone
    thread = frame.thread;
    if (frame.now && isNew) ahead = frame.now - Date.now(); // later ones may have waited (exchange.js)
    clearTimeout(slowNotice);
    slowNotice = 0;
    isKnown = Boolean(frame.known);
    isRatingAsked = Boolean(frame.rate);
    showAbsence(frame);
    turnsAt = performance.now() + (frame.turns ?? Infinity) * 1000 + Math.random() * PING_EVERY; // not all at once
    if (frame.dead_link) announce(texts.dead_link);
    if (parting) announce(parting, true);
    parting = "";
    isWelcome = true;
    isSocketUsable ||= socket instanceof WebSocket;
    if (isNew && !isSocketUsable && !(ofTab(blockedKey) > Date.now())) keepInTab(blockedKey, Date.now() + BLOCKED_FOR);
    frame.messages.forEach((message) => (fetched = Math.max(fetched, message.n)));
    readByAgent = Math.max(readByAgent, frame.read ?? 0);
    readByVisitor = Math.max(readByVisitor, frame.seen ?? 0);
    earlier.push(...frame.messages);
    addEarlier();
    changed(gatherUnsent);
    arrangeAsking();
    flush();
    if (isNew) held.forEach((frame) => ask(frame));
  },
  said(frame) {
    const entry = byId.get(frame.id);
    if (entry) changed(() => confirm(entry, frame));
    if (entry?.about?.email) knowAddress();
    arrangeAsking();
    settle(frame.id);
  },
  message(frame) {
    if (frame.by === "agent") {
      dots.hidden = true;
      readByAgent = Math.max(readByAgent, frame.n); // who answers has read
      if (!byNumber.has(frame.n)) ring();
    }
    fetched = Math.max(fetched, frame.n);
    changed(() => add(frame, true));
    noticeUnread();
  },
  typing(frame) {
    clearTimeout(HEARD.typing.timer);
    HEARD.typing.timer = setTimeout(() => changed(() => (dots.hidden = true)), TYPING_LASTS);
    write(writer, texts.writing.replace("{name}", frame.name));
    changed(() => (dots.hidden = false));
  },
  seen(frame) {
    readByVisitor = Math.max(readByVisitor, frame.n);
    noticeUnread();
  },
  read(frame) {
    changed(() => (readByAgent = Math.max(readByAgent, frame.n)));
  },
  refused(frame) {
    const entry = byId.get(frame.id);
    if (!frame.id) held.clear(); // what is refused is not asked again
    if (!entry) return announce(frame.text);
    if (frame.after) return holdBack(frame);
    forget(unsentPrefix + frame.id);
    changed(() => Object.assign(entry, { state: "failed", reason: frame.text }));
    settle(frame.id);
  },
  known(frame) {
    if (frame.known) knowAddress();
    arrangeAsking();
    announce(texts.by_mail, true);
  },
  told(frame) {
    announce(frame.text, true);
  },
  gone(frame) {
    if (frame.why === "blocked") return end(texts.blocked);
    forgetAll();
    reconnectAs();
    parting = frame.why === "closed" ? texts.closed : texts.forgotten;
  },
  rate(frame) {
    isRatingAsked = frame.asked;
    if (isRated && !isRatingAsked) announce(texts.rate_thanks, true);
    isRated = false;
    arrangeAsking();
  },
  pong() {},
};

// Who is away asks for it no more.
function knowAddress() {
  const wasKnown = isKnown;
  isKnown = true;
  if (isAway && !wasKnown) showAbsence();
}

// The link has done its work: this browser has a token of its own now, and nobody reads the link over a shoulder.
function arrived({ token, dead_link }) {
  back = null;
  history.replaceState(null, "", location.pathname + location.search);
  if (!dead_link && token) unsent().forEach(({ id }) => forget(unsentPrefix + id));
}

function heard(frame) {
  clearTimeout(deadline);
  if (frame.t !== "welcome") attempts = 0; // a welcome alone may be followed by the same fault again
  if (underway) expect();
  if ([texts.offline, texts.busy].includes(notice.textContent)) announce(standing);
  for (const what in ANSWERS) if (ANSWERS[what] === frame.t) held.delete(what);
  if (Object.hasOwn(HEARD, frame.t)) HEARD[frame.t](frame);
}

function settle(id) {
  if (underway?.id !== id) return;
  clearTimeout(deadline);
  underway = null;
  flush();
}

// Too fast: the message stays the next in line and goes again when the server allows it.
function holdBack(frame) {
  announce(frame.text);
  clearTimeout(deadline);
  setTimeout(() => {
    announce(standing);
    settle(frame.id);
  }, frame.after * 1000);
}

function reconnectAs(newThread = null) {
  thread = newThread;
  held.clear();
  fetched = earlier.length = 0;
  entries.splice(0).forEach((entry) => entry.row.remove());
  byId.clear();
  byNumber.clear();
  greet();
  changed(gatherUnsent); // what waits stays in sight, however long the line takes
  drop();
  connect();
}

function greet() {
  add({ n: 0, by: "agent", name: config.name, text: config.welcome });
  arrange();
}
