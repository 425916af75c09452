// The visitor's side of the web chat, inside the iframe. Protocol: docs/web-chat.md.
(() => {
  "use strict";
  const config = JSON.parse(document.body.dataset.chat);
  const { key, lang, texts } = config;
  const $ = (id) => document.getElementById(id);
  const [log, box, form, notice, jump] = ["log", "text", "write", "notice", "jump"].map($);

  const TURNING = "\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069";
  const ANSWER_WITHIN = 10_000; // no frame for so long after we asked something: the connection is dead
  const FIRST_WITHIN = 5_000; // where no socket was ever answered, another way is tried sooner
  const PING_EVERY = 30_000;
  const LONGEST_PAUSE = 30_000;
  const TYPING_EVERY = 3_000;
  const TYPING_LASTS = 6_000;
  // What is no text, and what turns the letters after it around: it only serves to deceive.
  const CONTROLS = /[\0-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]/g;

  // ---- what survives a reload: the visitor's token and each message until the server has it
  const prefix = `witei:${key}:`;
  const tokenKey = `${prefix}token`;
  const userKey = `${prefix}user`; // whom the page has signed in
  const unsentPrefix = `${prefix}unsent:`;
  const memory = new Map();
  let pageOrigin = null; // of the agency's page around us, once it has spoken
  const local = ownStorage();

  // Browsers that block third-party cookies may give an iframe no storage at all: then the loader keeps it on its page.
  function ownStorage() {
    try {
      localStorage.setItem(`${prefix}probe`, "");
      localStorage.removeItem(`${prefix}probe`);
      return localStorage;
    } catch {
      return null;
    }
  }

  function stored(name) {
    return local?.getItem(name) ?? memory.get(name) ?? null;
  }

  function keep(name, value) {
    memory.set(name, value);
    try {
      if (local) local.setItem(name, value);
      else toPage({ witei: "keep", kind: "local", name, value });
    } catch {
      // full: this tab remembers
    }
  }

  function forget(name) {
    memory.delete(name);
    local?.removeItem(name);
    if (!local) toPage({ witei: "keep", kind: "local", name });
  }

  // One key for each message, so that several tabs never overwrite each other's.
  function unsent() {
    return [...new Set([...memory.keys(), ...Object.keys(local ?? {})])]
      .filter((name) => name.startsWith(unsentPrefix))
      .map((name) => readUnsent(name))
      .filter(Boolean)
      .sort((a, b) => a.order - b.order);
  }

  function readUnsent(name) {
    try {
      const { text, order, about, files } = JSON.parse(stored(name));
      return { id: name.slice(unsentPrefix.length), text: String(text), order: Number(order), about, files };
    } catch {
      return null; // taken out by another tab in between
    }
  }

  // ---- the messages: confirmed ones by number, then those on their way
  const entries = [];
  const byId = new Map();
  const byNumber = new Map();
  let readByAgent = 0; // the highest number the agency has seen
  let readByVisitor = 0;
  let lastOrder = 0;

  function add(message, isNew) {
    const known = (message.id && byId.get(message.id)) || byNumber.get(message.n);
    if (known) return confirm(known, message);
    const entry = { ...message, state: message.n === undefined ? "sending" : "sent" };
    if (entry.id) byId.set(entry.id, entry);
    if (entry.n) byNumber.set(entry.n, entry);
    entry.row = makeRow(entry, isNew);
    place(entry);
    return entry;
  }

  function confirm(entry, { n, at, files }) {
    const moved = entry.n !== n;
    if (files) showFiles(entry, files); // they have addresses now
    Object.assign(entry, { n, at: at || entry.at, state: "sent" });
    byNumber.set(n, entry);
    forget(unsentPrefix + entry.id);
    if (moved) {
      entries.splice(entries.indexOf(entry), 1);
      place(entry);
    }
    return entry;
  }

  function place(entry) {
    const rank = (one) => one.n ?? Infinity; // what is on its way comes last, in the order it was written
    let at = entries.length;
    while (at > 0 && rank(entries[at - 1]) > rank(entry)) at -= 1;
    entries.splice(at, 0, entry);
    const before = entries[at + 1]?.row ?? dots;
    if (entry.row.nextSibling !== before) log.insertBefore(entry.row, before);
  }

  // ---- rows
  const dots = element("div", "dots");
  const writer = element("span");
  dots.append(element("i"), element("i"), element("i"), writer);
  dots.hidden = true;
  log.append(dots);

  function element(tag, className, text) {
    const made = document.createElement(tag);
    if (className) made.className = className;
    if (text !== undefined) made.textContent = text;
    return made;
  }

  const EMOJI_ALONE = /^(?:\p{Extended_Pictographic}|\p{Emoji_Modifier}|[\u200d\ufe0f\u{1f1e6}-\u{1f1ff}]){1,9}$/u;

  function button(label, onClick, className) {
    const made = Object.assign(element("button", className, label), { type: "button" });
    made.addEventListener("click", onClick);
    return made;
  }

  function makeRow(entry, isNew) {
    const row = element("div", isNew ? "row new" : "row");
    row.classList.add(entry.by === "visitor" ? "me" : "them");
    const bubble = element("div", "bubble");
    bubble.dir = "auto";
    if (entry.html && entry.by === "agent") {
      bubble.classList.add("rich");
      bubble.append(copyAllowed(new DOMParser().parseFromString(entry.html, "text/html").body));
    } else {
      bubble.append(withLinks(entry.text || ""));
      bubble.classList.toggle("big", EMOJI_ALONE.test(entry.text));
    }
    bubble.append(...filesOf(entry));
    row.append(element("div", "day"), element("span", "sr", `${author(entry)}: `), bubble, element("div", "meta"));
    return row;
  }

  function filesOf({ files }) {
    if (!files?.length) return [];
    const shown = element("div", "files");
    for (const { name, size, url, kind } of files) {
      const line = shown.appendChild(element("div", "file", url ? undefined : name));
      if (!url) continue;
      const address = new URL(url, location.href).href;
      line.append(link(address, kind === "picture" ? picture(address, name) : `${name} (${size})`));
    }
    return [shown];
  }

  function picture(address, name) {
    const image = Object.assign(element("img"), { src: address, alt: name });
    image.addEventListener("load", () => follows && toEnd());
    return image;
  }

  function showFiles(entry, files) {
    entry.files = files;
    entry.row.querySelector(".files")?.replaceWith(...filesOf(entry));
  }

  const author = (entry) => (entry.by === "visitor" ? texts.you : entry.name || config.name);

  // The server has cleaned it; this is the second lock: only these elements are made anew, without attributes.
  const ALLOWED = new Set("P BR B STRONG I EM U S A UL OL LI BLOCKQUOTE CODE PRE".split(" "));
  const DROPPED = new Set("SCRIPT STYLE TEMPLATE TITLE IFRAME OBJECT SVG MATH".split(" "));

  function copyAllowed(source) {
    const copy = document.createDocumentFragment();
    for (const node of source.childNodes) {
      if (node.nodeType === Node.TEXT_NODE) copy.append(node.data);
      else if (node.nodeType === Node.ELEMENT_NODE && !DROPPED.has(node.nodeName.toUpperCase())) {
        const inside = copyAllowed(node);
        copy.append(ALLOWED.has(node.nodeName) ? wrap(node, inside) : inside);
      }
    }
    return copy;
  }

  function wrap(node, inside) {
    if (node.nodeName === "A") return link(node.getAttribute("href"), inside);
    const made = element(node.nodeName);
    made.append(inside);
    return made;
  }

  function link(address, content) {
    if (!/^(https?:|mailto:|tel:)/i.test(address || "")) return content;
    const anchor = element("a");
    anchor.href = address;
    anchor.target = "_blank";
    anchor.rel = "noopener noreferrer nofollow";
    anchor.append(content);
    return anchor;
  }

  // Web addresses and those of mail, without what turns letters around.
  const LINKS = new RegExp(
    `((?:https?://|\\bwww\\.)[^\\s<>"'${TURNING}]*[^\\s<>"'.,;:!?)\\]${TURNING}]|\\b[\\w.+-]{1,64}@[\\w-]{1,63}(?:\\.[\\w-]{1,63})+)`,
    "i",
  );

  function withLinks(text) {
    const copy = document.createDocumentFragment();
    text.split(LINKS).forEach((part, at) => {
      if (at % 2 === 0) return copy.append(part);
      const scheme = /^https?:/i.test(part) ? "" : part.includes("@") ? "mailto:" : "https://";
      copy.append(link(scheme + part, part));
    });
    return copy;
  }

  // ---- what stands around the bubbles: days, names, times, states
  const locale = navigator.languages.find((tag) => tag.startsWith(lang)) ?? lang; // "en-GB" writes 15:04
  // The browser reads its tables for the first of these, which takes it long: that one is made in a turn of its own, the
  // others when they are needed.
  const once = (make, made) => () => (made ??= make());
  const clock = once(() => new Intl.DateTimeFormat(locale, { hour: "numeric", minute: "2-digit" }));
  const calendar = once(() => new Intl.DateTimeFormat(locale, { weekday: "long", day: "numeric", month: "long" }));
  const relative = once(() => new Intl.RelativeTimeFormat(lang, { numeric: "auto" }));
  setTimeout(clock);
  const GROUP_GAP = 5 * 60_000;

  function dayName(at) {
    const midnight = (date) => new Date(date).setHours(0, 0, 0, 0);
    const days = Math.round((midnight(at) - midnight(new Date())) / 86_400_000);
    const name = days > -2 ? relative().format(days, "day") : calendar().format(new Date(at));
    return name[0].toLocaleUpperCase(lang) + name.slice(1);
  }

  function together(a, b) {
    return a && b && a.by === b.by && a.name === b.name && Math.abs(new Date(a.at) - new Date(b.at)) < GROUP_GAP;
  }

  function arrange() {
    let day = new Date().toDateString(); // today needs no heading unless an older day stands above it
    entries.forEach((entry, index) => {
      const { row } = entry;
      const itsDay = entry.at ? new Date(entry.at).toDateString() : day;
      const isNewDay = itsDay !== day;
      day = itsDay;
      row.firstChild.hidden = !isNewDay;
      if (isNewDay) write(row.firstChild, dayName(entry.at));
      row.classList.toggle("first", isNewDay || !together(entries[index - 1], entry));
      row.classList.toggle("last", !together(entry, entries[index + 1]));
      row.classList.toggle("failed", entry.state === "failed");
      arrangeMeta(entry);
    });
  }

  function arrangeMeta(entry) {
    const meta = entry.row.lastChild;
    const time = entry.at ? ` · ${clock().format(new Date(entry.at))}` : "";
    if (entry.by !== "visitor") return writeAuthor(meta, entry, time);
    if (entry.state === "sending") return write(meta, texts.sending);
    if (entry.state === "sent") return write(meta, (entry.n <= readByAgent ? texts.read : texts.sent) + time);
    if (meta.querySelector("button")) return;
    const why = element("span", "", entry.reason || texts.failed);
    why.setAttribute("role", "alert");
    meta.replaceChildren(why, " ", button(texts.retry, () => retry(entry)));
  }

  function writeAuthor(meta, entry, time) {
    if (meta.textContent === author(entry) + time) return;
    meta.textContent = author(entry) + time;
    if (entry.face) meta.prepend(Object.assign(element("img"), { src: entry.face, alt: "" }));
  }

  function write(target, text) {
    if (target.textContent !== text) target.textContent = text;
  }

  let follows = true; // the newest message stays in sight, until the visitor scrolls up

  function toEnd() {
    log.scrollTop = log.scrollHeight;
    follows = jump.hidden = true;
  }

  function changed(change, mustFollow = follows) {
    change();
    arrange();
    if (mustFollow) toEnd();
    else jump.hidden = false;
  }

  log.addEventListener("scroll", () => {
    follows = log.scrollHeight - log.scrollTop - log.clientHeight < 60;
    if (follows) jump.hidden = true;
  });
  new ResizeObserver(() => follows && toEnd()).observe(log);

  // ---- sending: one at a time and until acknowledged, so that order holds whatever the connection does
  let underway = null;

  function say(text, about, files) {
    lastOrder = Math.max(lastOrder + 1, Date.now());
    const id = crypto.randomUUID?.() ?? `${lastOrder}-${Math.random().toString(36).slice(2)}`;
    keep(unsentPrefix + id, JSON.stringify({ text, order: lastOrder, about, files }));
    $("replies").hidden = true;
    changed(() => add({ id, by: "visitor", text, about, files, at: new Date(lastOrder).toISOString() }, true), true);
    flush();
  }

  function gatherUnsent() {
    for (const { id, text, order, about, files } of unsent()) {
      if (!byId.has(id)) add({ id, by: "visitor", text, about, files, at: new Date(order).toISOString() });
      lastOrder = Math.max(lastOrder, order);
    }
  }

  function flush() {
    if (underway || !isWelcome) return;
    underway = entries.find((entry) => entry.state === "sending") ?? null;
    const { id, text, about, files = [] } = underway ?? {};
    if (underway) ask({ t: "say", id, text, about, files: files.map((file) => file.id) });
  }

  function retry(entry) {
    const about = { ...entry.about, ...answers() };
    changed(() => Object.assign(entry, { state: "sending", reason: "", about }));
    flush();
  }

  // ---- files: each goes up by itself, with progress; those of one choice are one message
  const uploads = $("uploads");
  const { most, mb } = config.files ?? { most: 0 };

  async function sendFiles(list) {
    const files = most ? [...list] : [];
    while (files.length) {
      const taken = [];
      for (const file of files.splice(0, most)) taken.push(...(await sendFile(file)));
      const about = answers();
      if (taken.length) say("", Object.keys(about).length ? about : undefined, taken);
    }
  }

  // What could not be sent stays there, to be tried again.
  async function sendFile(file) {
    const line = uploads.appendChild(element("div"));
    const name = line.appendChild(element("span", "", texts.sending_file.replace("{name}", file.name)));
    const bar = line.appendChild(Object.assign(element("progress"), { max: 1, value: 0 }));
    const no = line.appendChild(button("×", () => leave(line)));
    no.setAttribute("aria-label", texts.cancel);
    uploads.hidden = false;
    try {
      if (file.size > mb * 1024 * 1024) throw new Error(texts.file_too_large.replace("{most}", mb));
      const taken = await upload(file, (part) => (bar.value = part), no);
      leave(line);
      return [taken];
    } catch (fault) {
      name.textContent = `${file.name}: ${fault.message || texts.file_failed}`;
      bar.replaceWith(button(texts.retry, () => (leave(line), sendFiles([file]))));
      return [];
    }
  }

  function leave(line) {
    line.remove();
    uploads.hidden = !uploads.childElementCount;
  }

  // XMLHttpRequest, because fetch does not tell how far it is.
  function upload(file, onPart, no) {
    return new Promise((resolve, reject) => {
      const body = new FormData();
      body.append("token", stored(tokenKey) ?? "");
      body.append("file", file);
      const request = new XMLHttpRequest();
      request.open("POST", `/embed/upload?key=${encodeURIComponent(key)}&lang=${lang}`);
      request.responseType = "json";
      request.upload.onprogress = ({ loaded, total }) => onPart(total ? loaded / total : 0);
      request.onload = () => (request.response?.id ? resolve(request.response) : reject(new Error(request.response?.error)));
      request.onerror = request.onabort = () => reject(new Error());
      no.addEventListener("click", () => request.abort());
      request.send(body);
    });
  }

  // ---- what is asked of the visitor: first what the agency wants to know, later an address to answer to
  const asking = $("ask");
  let asked = ""; // what stands there: "", "form" or one of the texts that ask for an address
  let isKnown = false; // we have an address
  let isAway = false;
  let isRatingAsked = false;

  function field(name, type, autocomplete, isRequired) {
    const label = element("label", "", texts[`ask_${name}`] + (isRequired ? "" : ` (${texts.optional})`));
    const input = label.appendChild(element("input"));
    Object.assign(input, { name, type, autocomplete, required: isRequired, maxLength: 120, dir: "auto" });
    input.setAttribute("form", "write");
    return label;
  }

  const TYPES = { name: ["text", "name"], email: ["email", "email"], phone: ["tel", "tel"] };

  function formFields() {
    const wanted = Object.keys(TYPES).filter((name) => config.form[name]);
    const fields = wanted.map((name) => field(name, ...TYPES[name], config.form[name] === "required"));
    if (config.form.consent) {
      const label = element("label", "agree");
      const box = Object.assign(element("input"), { name: "consent", type: "checkbox", required: true });
      box.setAttribute("form", "write");
      label.append(box, texts.agree, " ", config.form.privacy_url ? link(config.form.privacy_url, texts.privacy) : "");
      fields.push(label);
    }
    return fields;
  }

  function addressField(why) {
    const line = element("div", "line");
    const label = field("email", ...TYPES.email, false);
    label.firstChild.remove();
    label.lastChild.placeholder = texts.ask_email;
    label.lastChild.setAttribute("aria-label", texts.ask_email);
    label.style.flex = 1;
    line.append(label, button(texts.leave, leaveAddress));
    return why ? [element("p", "", why), line] : [line];
  }

  function leaveAddress() {
    const about = answers();
    if (!form.reportValidity() || !about.email) return;
    if (isBegun()) ask({ t: "about", about });
    else box.focus(); // it goes with the first message
  }

  function answers() {
    const about = {};
    for (const input of asking.querySelectorAll("input")) {
      if (input.type === "radio") continue;
      if (input.type === "checkbox") about.consent = input.checked;
      else if (input.value.trim()) about[input.name] = input.value.trim();
    }
    return about;
  }

  const STARS = [1, 2, 3, 4, 5];

  function ratingFields() {
    const box = element("fieldset", "rate");
    box.append(element("legend", "", texts.rate));
    const stars = box.appendChild(element("div", "stars"));
    const more = Object.assign(element("textarea"), { maxLength: 1000, rows: 2, placeholder: texts.rate_more });
    more.setAttribute("aria-label", texts.rate_more);
    const send = button(texts.send, () => {
      const chosen = Number(stars.querySelector(":checked").value);
      ask({ t: "rate", stars: chosen, text: more.value.trim() });
      announce(texts.rate_thanks);
    });
    more.hidden = send.hidden = true;
    for (const n of STARS) {
      const star = Object.assign(element("input"), { type: "radio", name: "stars", value: n });
      star.setAttribute("aria-label", texts.rate_stars.replace("{n}", n));
      star.addEventListener("change", () => {
        more.hidden = send.hidden = false;
        [...stars.children].forEach((one, at) => one.classList.toggle("on", at < n));
        if (follows) toEnd();
      });
      stars.append(star);
    }
    box.append(more, send);
    return [box];
  }

  const isBegun = () => Boolean(thread || byNumber.size);

  function wanted() {
    const last = entries.at(-1);
    if (isForgetting) return "forget";
    if (config.form && !isBegun()) return "form";
    if (isRatingAsked) return "rate";
    if (isKnown) return "";
    if (isAway) return "away";
    const isWaiting = last?.by === "visitor" && last.n && Date.now() - new Date(last.at) > config.slow * 1000;
    return isWaiting || asked === "slow" ? "slow" : "";
  }

  // The agency's own questions, for whoever does not know how to begin.
  for (const text of config.replies ?? []) {
    const one = button(text, () => {
      box.value = text;
      form.requestSubmit();
    });
    one.dir = "auto";
    $("replies").append(one);
  }

  function arrangeAsking() {
    const now = wanted();
    $("replies").hidden = !config.replies || isBegun() || entries.some((entry) => entry.by === "visitor");
    if (now === asked) return;
    asked = now;
    asking.hidden = !now;
    asking.replaceChildren(...fieldsFor(now));
    if (follows) toEnd();
  }

  function fieldsFor(what) {
    if (what === "form") return formFields();
    if (what === "rate") return ratingFields();
    if (what === "forget") return forgettingFields();
    return what ? addressField(what === "slow" && texts.slow) : [];
  }

  function showAbsence({ away, back }) {
    $("usual").hidden = isAway = Boolean(away);
    if (!isAway) return announce((standing = ""));
    const when = back && new Intl.DateTimeFormat(locale, { weekday: "long", hour: "numeric", minute: "2-digit" });
    const again = when ? ` ${texts.back.replace("{when}", when.format(new Date(back)))}` : "";
    announce((standing = (isKnown ? texts.away_known : texts.away) + again));
  }

  // ---- the connection
  let socket = null;
  let isWelcome = false;
  let isEnded = false;
  let attempts = 0;
  let again = 0;
  let deadline = 0;
  let slowNotice = 0;
  let turnsAt = Infinity; // when somebody comes or goes, by the office hours
  let offered = null; // the token that this connection began with
  let standing = ""; // what the notice says when there is nothing newer to say
  let back = new URLSearchParams(location.hash.slice(1)).get("back"); // what the link in a mail brought
  let parting = ""; // what is said once this chat is a new one
  let thread = null; // which conversation the numbers belong to
  let fetched = 0; // the highest number that came as a message
  let isSocketUsable = false; // once one was welcome here, no other way is tried
  let host = { page: {}, open: true, full: false };

  function connect() {
    clearTimeout(again);
    if (socket || isEnded) return;
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

  function hello(since) {
    const page = hostPage();
    const { id, email, name, signature } = host.user ?? {};
    const user = host.user && { id: short(id, 200), email: short(email, 300), name: short(name, 120), signature: short(signature, 128) };
    const zone = clock().resolvedOptions().timeZone ?? "";
    return { t: "hello", token: stored(tokenKey), back, since, page, lang, zone, user };
  }

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
    tell(frame);
    expect();
  }

  // Where WebSockets are blocked: the same frames by HTTP. Each request says hello again; with nothing to say it waits
  // for news. It looks like a WebSocket to the rest.
  class Exchange {
    readyState = WebSocket.OPEN;
    waiting = [];
    constructor() {
      setTimeout(() => this.onopen?.());
    }

    send(text) {
      if (JSON.parse(text).t !== "hello") this.waiting.push(text);
      this.idle?.abort();
      if (!this.isRunning) this.run();
    }

    close() {
      this.isClosed = true;
      this.idle?.abort();
    }

    async run() {
      this.isRunning = true;
      while (!this.isClosed) {
        try {
          const frames = await this.exchange(this.waiting.splice(0));
          frames.forEach((data) => this.onmessage?.({ data }));
        } catch (fault) {
          if (fault.name !== "AbortError") return this.onclose?.({ code: fault.code });
        }
      }
    }

    async exchange(frames) {
      this.idle = frames.length || !isWelcome ? null : new AbortController();
      const first = JSON.stringify(hello(isWelcome ? fetched : 0), whole);
      const body = JSON.stringify({ key, frames: [first, ...frames], wait: this.idle ? 20 : 0 });
      const answer = await fetch("/embed/exchange", { method: "POST", body, signal: this.idle?.signal });
      if (!answer.ok) throw Object.assign(new Error("refused"), { code: { 404: 4403, 429: 4429 }[answer.status] });
      return answer.json();
    }
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

  function announce(text) {
    notice.hidden = !text;
    notice.textContent = text;
  }

  // What was said before: the newest at once, the rest in their own time, so that a long chat opens as fast as a short one.
  const earlier = [];
  const AT_ONCE = 20;

  function addEarlier() {
    const some = earlier.splice(-AT_ONCE);
    changed(() => some.forEach((message) => add(message)));
    if (earlier.length) return setTimeout(addEarlier);
    log.setAttribute("aria-busy", "false");
    noticeUnread();
  }

  // ---- what the server says
  const HEARD = {
    welcome(frame) {
      if (frame.token && stored(tokenKey) !== offered) return reconnectAs(); // another tab was first
      if (back) arrived(frame);
      if (frame.token) keep(tokenKey, frame.token);
      if (thread && thread !== frame.thread) return reconnectAs(frame.thread); // the old one is gone
      thread = frame.thread;
      clearTimeout(slowNotice);
      slowNotice = 0;
      isKnown = Boolean(frame.known);
      isRatingAsked = Boolean(frame.rate);
      showAbsence(frame);
      turnsAt = performance.now() + (frame.turns ?? Infinity) * 1000 + Math.random() * PING_EVERY; // not all at once
      if (frame.dead_link) announce(texts.dead_link);
      if (parting) announce(parting);
      parting = "";
      isWelcome = true;
      isSocketUsable ||= socket instanceof WebSocket;
      frame.messages.forEach((message) => (fetched = Math.max(fetched, message.n)));
      readByAgent = Math.max(readByAgent, frame.read ?? 0);
      readByVisitor = Math.max(readByVisitor, frame.seen ?? 0);
      earlier.push(...frame.messages);
      addEarlier();
      changed(gatherUnsent);
      arrangeAsking();
      flush();
    },
    said(frame) {
      const entry = byId.get(frame.id);
      if (entry) changed(() => confirm(entry, frame));
      isKnown ||= Boolean(entry?.about?.email);
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
      if (!entry) return announce(frame.text);
      if (frame.after) return holdBack(frame);
      forget(unsentPrefix + frame.id);
      changed(() => Object.assign(entry, { state: "failed", reason: frame.text }));
      settle(frame.id);
    },
    known(frame) {
      isKnown = frame.known;
      arrangeAsking();
      announce(texts.by_mail);
    },
    told(frame) {
      announce(frame.text);
    },
    gone(frame) {
      if (frame.why === "blocked") return end(texts.blocked);
      forgetAll();
      reconnectAs();
      parting = frame.why === "closed" ? texts.closed : texts.forgotten;
    },
    rate(frame) {
      isRatingAsked = frame.asked;
      arrangeAsking();
    },
    pong() {},
  };

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
    fetched = earlier.length = 0;
    entries.splice(0).forEach((entry) => entry.row.remove());
    byId.clear();
    byNumber.clear();
    greet();
    drop();
    connect();
  }

  function greet() {
    add({ n: 0, by: "agent", name: config.name, text: config.welcome });
    arrange();
  }

  // ---- seen and unread
  function noticeUnread() {
    const theirs = entries.filter((entry) => entry.by === "agent" && entry.n > readByVisitor);
    if (theirs.length && host.open && !document.hidden) {
      readByVisitor = theirs.at(-1).n;
      tell({ t: "read", n: readByVisitor });
      theirs.length = 0;
    }
    toPage({ witei: "unread", n: theirs.length });
  }

  // ---- the agency's page around us: only our parent, and always the same origin
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

  // ---- a short sound when an answer comes and nobody looks, in one of several tabs; made here, nothing is loaded
  const quietKey = `${prefix}quiet`;
  let audio = null;

  function ring() {
    if (stored(quietKey) || !audio || (host.open && !document.hidden && document.hasFocus())) return;
    if (!navigator.locks) return play();
    navigator.locks.request(`${prefix}ring`, { ifAvailable: true }, (lock) => lock && (play(), new Promise((done) => setTimeout(done, 1000))))
      .catch(play);
  }

  function play() {
    for (const [after, pitch] of [[0, 660], [0.12, 880]]) {
      const [tone, loudness] = [audio.createOscillator(), audio.createGain()];
      const at = audio.currentTime + after;
      tone.frequency.value = pitch;
      loudness.gain.setValueAtTime(0.08, at);
      loudness.gain.exponentialRampToValueAtTime(0.001, at + 0.25);
      tone.connect(loudness).connect(audio.destination);
      tone.start(at);
      tone.stop(at + 0.25);
    }
  }

  // Browsers allow it only after a hand has done something here.
  addEventListener("pointerdown", () => (audio ??= new AudioContext()), { once: true });
  addEventListener("keydown", () => (audio ??= new AudioContext()), { once: true });

  // ---- the menu at the head
  const [menu, more] = ["menu", "more"].map($);
  let isForgetting = false;

  function showMenu(isShown) {
    menu.hidden = !isShown;
    more.setAttribute("aria-expanded", isShown);
    if (!isShown) return;
    const isQuiet = Boolean(stored(quietKey));
    const choices = [choice(isQuiet ? texts.sound_on : texts.sound_off, () => (isQuiet ? forget(quietKey) : keep(quietKey, "1")))];
    if (isBegun() && isKnown) choices.push(choice(texts.copy, () => ask({ t: "transcript" })));
    if (isBegun()) choices.push(choice(texts.forget, () => ((isForgetting = true), arrangeAsking()), "danger"));
    menu.replaceChildren(...choices);
    menu.firstChild.focus();
  }

  function choice(label, action, className) {
    return button(label, () => (showMenu(false), more.focus(), action()), className);
  }

  more.addEventListener("click", () => showMenu(menu.hidden));
  addEventListener("pointerdown", ({ target }) => menu.contains(target) || more.contains(target) || showMenu(false));

  function forgettingFields() {
    const line = element("div", "line");
    const done = () => ((isForgetting = false), arrangeAsking(), box.focus());
    const no = button(texts.cancel, done);
    line.append(button(texts.delete, () => (ask({ t: "forget" }), done()), "danger"), no);
    setTimeout(() => no.focus());
    return [element("p", "", texts.forget_sure), line];
  }

  // ---- hands
  let lastTyping = 0;
  const draftKey = `${prefix}draft`;

  function fitBox() {
    form.classList.toggle("empty", !box.value.trim());
    box.style.height = "auto";
    box.style.height = `${Math.min(box.scrollHeight, 132)}px`;
  }

  // Each tab writes its own. Where one storage is allowed the other is.
  function keepDraft() {
    if (!local) return toPage({ witei: "keep", kind: "session", name: draftKey, value: box.value });
    try {
      sessionStorage.setItem(draftKey, box.value);
    } catch {
      // full
    }
  }

  function goOnWriting(draft) {
    if (draft) box.value ||= draft;
    fitBox();
  }

  box.addEventListener("input", () => {
    fitBox();
    keepDraft();
    if (!box.value || Date.now() - lastTyping < TYPING_EVERY) return;
    lastTyping = Date.now();
    tell({ t: "typing" });
  });
  box.addEventListener("keydown", (event) => {
    // 229 is the key that ends a word of Chinese or Japanese in Safari.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    form.requestSubmit();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const text = box.value.replace(CONTROLS, "").trim();
    if (!text && answers().email && isBegun()) return leaveAddress(); // Enter, in the field of the address
    box.focus();
    if (!text) return;
    if (text.length > config.longest) return announce(texts.too_long);
    const about = answers();
    box.value = "";
    lastTyping = 0;
    fitBox();
    keepDraft();
    if (notice.textContent === texts.too_long) announce(standing);
    say(text, Object.keys(about).length ? about : undefined);
  });
  const picker = $("picker");
  $("attach").addEventListener("click", () => form.reportValidity() && picker.click());
  picker.addEventListener("change", () => {
    sendFiles(picker.files);
    picker.value = "";
  });
  box.addEventListener("paste", (event) => takeFrom(event, event.clipboardData));
  addEventListener("dragover", (event) => event.preventDefault());
  addEventListener("drop", (event) => takeFrom(event, event.dataTransfer));

  function takeFrom(event, { files }) {
    if (!files.length) return;
    event.preventDefault();
    if (form.reportValidity()) sendFiles(files);
  }

  // The emoji come at the first click on their button, and from then on are there.
  const smile = $("smile");
  let emojis = null;

  smile.addEventListener("click", async () => {
    const make = emojis ? null : (await import(`./emoji.js?lang=${lang}`).catch(() => announce(texts.offline)))?.default;
    if (make) document.querySelector(".middle").append((emojis ??= make(insert)));
    else if (emojis) emojis.hidden = !emojis.hidden;
    if (emojis) arrangeEmojis(!emojis.hidden);
  });

  function arrangeEmojis(isShown) {
    emojis.hidden = !isShown;
    smile.setAttribute("aria-expanded", isShown);
    if (!host.full) (isShown ? emojis.querySelector("input") : box).focus();
  }

  function insert(emoji) {
    box.setRangeText(emoji, box.selectionStart, box.selectionEnd, "end");
    box.dispatchEvent(new Event("input"));
  }
  $("close").addEventListener("click", () => toPage({ witei: "close" }));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.isComposing) return;
    if (emojis?.hidden === false) return arrangeEmojis(false);
    if (menu.hidden) return toPage({ witei: "close" });
    showMenu(false);
    more.focus();
  });
  jump.addEventListener("click", toEnd);
  window.addEventListener("online", reconnectNow);
  window.addEventListener("offline", () => announce(texts.offline));
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) return;
    reconnectNow();
    noticeUnread();
  });
  window.addEventListener("storage", (event) => {
    if (event.key === tokenKey && event.newValue && isWelcome) reconnectAs(); // another tab got a new token
  });
  setInterval(() => {
    arrangeAsking();
    if (!isWelcome || underway) return;
    if (performance.now() < turnsAt) return ask({ t: "ping" });
    drop();
    connect();
  }, PING_EVERY);

  greet();
  if (!back) gatherUnsent();
  arrange();
  arrangeAsking();
  if (local && sessionStorage.getItem(draftKey)) goOnWriting(sessionStorage.getItem(draftKey));
  if (window.parent === window) {
    document.documentElement.classList.add("alone");
    connect();
  } else window.parent.postMessage({ witei: "ready", color: config.color, close: texts.close, homeless: !local }, "*"); // no secret in it
})();
