// The connection: a WebSocket that is opened again after growing pauses, and asks for what came since.

let socket = null;
let isWelcome = false;
let isEnded = false;
let attempts = 0;
const blockedKey = `${prefix}blocked`; // until when sockets are taken for blocked
let again = 0;
let deadline = 0;
let slowNotice = 0;
let turnsAt = Infinity; // when somebody comes or goes, by the office hours
let offered = null; // the token of this connection
let settledAt = 0; // from when on no other tab's is expected
let made = null; // the token that this tab made, until it has stood up for it
let standing = ""; // what the notice says when there is nothing newer to say
let back = new URLSearchParams(location.hash.slice(1)).get("back"); // what the link in a mail brought
let parting = ""; // what is said once this chat is a new one
let thread = null; // which conversation the numbers belong to
let fetched = 0; // the highest number that came as a message
// What is asked until it is answered, and by which frame it is.
const ANSWERS = { rate: "rate", about: "known", transcript: "told", forget: "gone" };
const held = new Map(); // what was asked for and not answered: on a dead line nobody heard it
let isSocketUsable = false; // once one was welcome here, no other way is tried
let host = { page: {}, open: true, full: false };

function connect() {
  clearTimeout(again);
  if (socket || isEnded) return;
  if (isAnothers() && !host.user.signature) return end(texts.closed);
  if (!back && !stored(tokenKey)) makeToken();
  if (!attempts && ofTab(blockedKey) > Date.now()) attempts = 2;
  const isBlocked = !isSocketUsable && attempts > 1 && attempts % 2 === 0;
  const address = `${location.origin.replace(/^http/, "ws")}/embed/socket?key=${encodeURIComponent(key)}`;
  socket = isBlocked ? new Exchange() : new WebSocket(address);
  socket.onopen = () => {
    offered = stored(tokenKey);
    // From before the newest ten: two that were written at once may have come out of order.
    ask(hello(entries.filter((entry) => entry.n).at(-11)?.n ?? 0));
  };
  socket.onmessage = (event) => heard(JSON.parse(event.data));
  socket.onclose = (event) => lost(event.code);
  expect();
}

// A stranger's token is made here and kept at once: two tabs that come in the same instant know of each other's before
// either says a word.
function makeToken() {
  settledAt = performance.now() + SETTLES;
  made = btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(32))))
    .replace(/\+/g, "-").replace(/\//g, "_").slice(0, 43);
  keep(tokenKey, made);
}

// Another tab's token came. Who has begun to talk keeps to its own, once, and the others follow: what stands in the
// browser at last is everybody's.
function agree() {
  const mine = made;
  made = null;
  if (mine === offered && (isBegun() || underway)) keep(tokenKey, mine);
  else reconnectAs();
}

function hello(since) {
  const page = hostPage();
  const { id, email, name, signature, expires } = host.user ?? {};
  const isTime = Number.isSafeInteger(+expires) && expires > 0;
  const signed = { signature: short(signature, 128), expires: isTime ? +expires : null };
  const user = host.user && { id: short(id, 200), email: short(email, 300), name: short(name, 120), ...signed };
  return { t: "hello", token: offered, back, since, page, lang, zone: timeZone(), user };
}

// Where the browser must be asked for all of its tables to know it, that is a turn of its own (start.js).
const timeZone = once(() => globalThis.Temporal?.Now.timeZoneId() ?? Intl.DateTimeFormat().resolvedOptions().timeZone ?? "");

function hostPage() {
  const { url, title, referrer } = host.page;
  return { url: short(url, 2000), title: short(title, 300), referrer: short(referrer, 2000) };
}

const short = (text, longest) => String(text ?? "").slice(0, longest);

// Half of a cut emoji is no text: JSON would carry it, the server would not take it.
const whole = (_, value) => (typeof value === "string" ? value.replace(/\p{Surrogate}/gu, "\ufffd") : value);

function tell(frame) {
  if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(frame, whole));
}

function ask(frame) {
  if (ANSWERS[frame.t]) held.set(frame.t, frame);
  if (!isWelcome && frame.t !== "hello") return;
  tell(frame);
  expect();
}

function expect() {
  clearTimeout(deadline);
  deadline = setTimeout(lost, isSocketUsable || attempts > 1 ? ANSWER_WITHIN : FIRST_WITHIN);
}

function lost(code) {
  drop();
  if (code === 4403) return end();
  if (code === 4429) announce(texts.busy);
  attempts += 1;
  const pause = Math.min(LONGEST_PAUSE, 500 * 2 ** attempts) * (0.5 + Math.random() / 2);
  again = setTimeout(connect, pause);
  if (!slowNotice) slowNotice = setTimeout(() => announce(texts.offline), 1_500);
}

// A socket on a dead network takes long to close: let go of it at once.
function drop() {
  clearTimeout(deadline);
  if (!socket) return;
  socket.onopen = socket.onmessage = socket.onclose = null;
  socket.close();
  socket = underway = null;
  isWelcome = false;
}

function end(why = texts.unavailable) {
  isEnded = true;
  drop();
  clearTimeout(slowNotice);
  announce(why);
  for (const one of document.querySelectorAll("form *, #replies *, #ask *, #more")) one.disabled = true;
}

function reconnectNow() {
  if (isWelcome) return void ask({ t: "ping" });
  drop();
  connect();
}

function announce(text, isGood = false) {
  notice.hidden = !text;
  notice.classList.toggle("good", isGood);
  notice.textContent = text;
}
