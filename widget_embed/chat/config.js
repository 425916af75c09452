// What the page says about this chat, and how long things may take.

const config = JSON.parse(document.body.dataset.chat);
const { key, lang, texts } = config;
const $ = (id) => document.getElementById(id);
const once = (make, made) => () => (made ??= make());
const [log, box, form, notice, jump] = ["log", "text", "write", "notice", "jump"].map($);

const TURNING = "\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069";
let ahead = 0; // how far the server's clock is ahead of the visitor's, which may be wrong by days
const now = () => Date.now() + ahead;

const ANSWER_WITHIN = 10_000; // no frame for so long after we asked something: the connection is dead
const FIRST_WITHIN = 5_000; // where no socket was ever answered, another way is tried sooner
const BLOCKED_FOR = 600_000; // for so long a tab that found sockets blocked does not try them first
const PING_EVERY = 30_000;
const LONGEST_PAUSE = 30_000;
const SETTLES = 400; // within so long several tabs agree on a new visitor's token
const TYPING_EVERY = 3_000;
const TYPING_LASTS = 6_000;
const SEEN = /[^\s\p{Cf}]/u; // anything that shows
// What is no text, and what turns the letters after it around: it only serves to deceive.
const CONTROLS = /[\0-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]/g;
