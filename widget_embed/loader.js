// The button on the agency's page. Until it is pressed: no cookie, storage, connection, font or image.
(() => {
  "use strict";
  const script = document.currentScript || document.querySelector("script[data-key]");
  // Twice on a page, or run again by a turbo-like navigation.
  if (window.Witei) return;
  // The server puts the widget's settings before these.
  const { key, color, side, lang, text, nudge } = { ...script.dataset };
  const base = new URL("./", script.src);

  const LABELS = {
    en: "Open chat|Close chat",
    es: "Abrir chat|Cerrar chat",
    ca: "Obrir el xat|Tancar el xat",
    fr: "Ouvrir le chat|Fermer le chat",
    de: "Chat öffnen|Chat schließen",
    it: "Apri la chat|Chiudi la chat",
    pt: "Abrir chat|Fechar chat",
  };
  const OPEN_ICON = "M6 9l6 6 6-6";
  const CLOSED_ICON = "M5 5h14a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2h-6l-5 3v-3H5a2 2 0 0 1-2-2V7a2 2 0 0 1 2-2z";

  // In a shadow root, so that styles reach neither in nor out.
  const CSS = `
    :host{all:initial!important}
    button,iframe{position:fixed;right:20px;border:0;padding:0;margin:0;z-index:2147483646}
    .left{right:auto;left:20px}
    button{bottom:20px;min-width:56px;height:56px;border-radius:28px;cursor:pointer;display:flex;font:600 16px system-ui;background:var(--c,#1d5fe0);
      color:var(--i,#fff);box-shadow:0 6px 20px rgb(20 22 28/28%);transition:transform .12s}
    button:hover{transform:scale(1.05)}
    button:focus-visible{outline:3px solid var(--c,#1d5fe0);outline-offset:3px;box-shadow:0 0 0 3px #fff}
    svg{width:26px;margin:15px;display:block;fill:none;stroke:currentColor;stroke-width:1.8}
    span{align-self:center;margin:0 20px 0 -4px}
    b{position:absolute;top:-4px;right:-4px;min-width:20px;border-radius:10px;background:#c22f22;color:#fff;
      font:600 12px/20px system-ui}
    iframe{bottom:88px;width:376px;height:min(640px,calc(100dvh - 108px));border-radius:18px;background:Canvas;
      color-scheme:light dark;box-shadow:0 0 0 1px rgb(127 127 127/15%),0 12px 48px rgb(20 22 28/22%);animation:rise .12s}
    [hidden]{display:none}
    @keyframes rise{from{opacity:0;transform:translateY(8px)}}
    @media (max-width:480px){iframe{inset:0;width:100%;height:100dvh;border-radius:0;z-index:2147483647}}
    @media (prefers-reduced-motion){*{animation:none!important;transition:none!important}}
    @media print{:host{display:none!important}}`;
  const host = document.createElement("witei-chat");
  const root = host.attachShadow({ mode: "open" });
  // A style element would need 'unsafe-inline' in the page's CSP.
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(CSS);
  root.adoptedStyleSheets = [sheet];
  const button = document.createElement("button");
  const badge = document.createElement("b");
  const caption = document.createElement("span");
  const SVG = "http://www.w3.org/2000/svg";
  const icon = document.createElementNS(SVG, "svg");
  icon.setAttribute("viewBox", "0 0 24 24");
  const path = icon.appendChild(document.createElementNS(SVG, "path"));
  button.append(icon, caption, badge);
  if (side === "left") button.className = side;
  root.append(button);

  const phone = matchMedia("(max-width: 480px)");
  const listeners = new Set();
  let frame, isReady, isOpen, user;
  let unread = 0;

  function language() {
    const wanted = [lang, document.documentElement.lang, ...navigator.languages];
    return wanted.map((tag) => (tag || "").slice(0, 2).toLowerCase()).find((tag) => LABELS[tag]) || "en";
  }

  const labels = () => LABELS[language()].split("|");

  // Black or white on it, by relative luminance; where the two contrast equally it is 0.179.
  function paint(hex) {
    if (!/^#[0-9a-f]{6}$/i.test(hex)) return;
    const [r, g, b] = [1, 3, 5].map((at) => (parseInt(hex.slice(at, at + 2), 16) / 255) ** 2.2);
    button.style.setProperty("--c", hex);
    button.style.setProperty("--i", 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.179 ? "#000" : "#fff");
  }

  function show() {
    const label = labels()[+isOpen];
    const news = isOpen ? 0 : unread;
    button.setAttribute("aria-label", news ? `${label} (${news})` : label);
    button.setAttribute("aria-expanded", isOpen);
    path.setAttribute("d", isOpen ? OPEN_ICON : CLOSED_ICON);
    badge.textContent = news;
    caption.textContent = text;
    caption.hidden = !text || isOpen;
    badge.hidden = !news;
    if (frame) frame.hidden = !isOpen;
    fit();
  }

  // The on-screen keyboard covers a fixed element on iOS; the visual viewport is what remains.
  function fit() {
    if (!frame) return;
    const { height, offsetTop } = visualViewport;
    frame.style.height = phone.matches ? `${height}px` : "";
    frame.style.top = phone.matches ? `${offsetTop}px` : "";
  }

  // The conversation itself: an iframe from our own address, made at the first opening.
  function load() {
    frame = document.createElement("iframe");
    frame.title = "Chat";
    frame.className = button.className;
    frame.src = new URL(`chat/${key}?lang=${language()}`, base);
    root.prepend(frame);
  }

  function tell(kept) {
    const page = { url: location.href, title: document.title, referrer: document.referrer };
    const state = { witei: "state", open: isOpen, full: phone.matches, page, user, kept };
    if (isReady) frame.contentWindow.postMessage(state, base.origin);
  }

  function toggle(wanted) {
    isOpen = wanted;
    if (isOpen && !frame) load();
    if (phone.matches) document.documentElement.style.overflow = isOpen ? "hidden" : "";
    // For this visit: the next page goes on where it was.
    storage("session", (store) => store.setItem(prefix, +isOpen));
    show();
    tell();
    if (isOpen) frame.focus();
  }

  const prefix = `witei:${key}:`;

  function storage(kind, use) {
    try {
      return use(window[`${kind}Storage`]);
    } catch {
      // The browser forbids it.
      return null;
    }
  }

  const HEARD = {
    ready(data) {
      isReady = true;
      if (!color) paint(data.color);
      const kept = storage("local", (store) => Object.entries(store).filter(([name]) => name.startsWith(prefix)));
      tell(data.homeless && kept);
    },
    // The browser gives the iframe no storage of its own: the visitor's token and unsent messages stay on this page.
    keep({ name, value }) {
      if (!name.startsWith(prefix)) return;
      storage("local", (store) => (value === null ? store.removeItem(name) : store.setItem(name, value)));
    },
    close() {
      toggle(false);
      button.focus();
    },
    unread({ n }) {
      unread = n;
      show();
      listeners.forEach((listener) => listener(n));
    },
  };
  addEventListener("message", ({ source, origin, data }) => {
    if (frame && source === frame.contentWindow && origin === base.origin) HEARD[data.witei]?.(data);
  });
  button.onclick = () => toggle(!isOpen);
  phone.onchange = () => (show(), tell());
  visualViewport.addEventListener("resize", fit);
  visualViewport.addEventListener("scroll", fit);

  // Beside the body, not in it: turbo-like navigation replaces the body, and moving an iframe would reload it.
  const attach = () => host.isConnected || document.documentElement.append(host);
  new MutationObserver(attach).observe(document.documentElement, { childList: true });

  window.Witei = {
    open: () => toggle(true),
    close: () => toggle(false),
    identify(who) {
      user = who;
      tell();
    },
    on(name, listener) {
      if (name === "unread") listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };

  // The agency's own line beside the button, once to each visitor; nothing is asked for before it is due.
  let seconds = 0;
  const watch = setInterval(async () => {
    if (nudge && (++seconds < nudge.after || !RegExp(nudge.on).test(location.pathname))) return;
    clearInterval(watch);
    const said = prefix + "said";
    if (!nudge || frame || storage("local", (store) => store.getItem(said) || store.setItem(said, 1))) return;
    const made = await import(new URL(`nudge.js?key=${key}&lang=${language()}`, base));
    made.default(root, button, labels()[1], Witei.open);
  }, 1000);

  // Where the visitor is, when the page changes without loading.
  window.navigation?.addEventListener("navigatesuccess", () => tell());

  paint(color);
  isOpen = false;
  attach();
  const before = storage("session", (store) => store.getItem(prefix));
  if (before === "1" && !phone.matches) toggle(true);
  else if (before) load();
  show();
  dispatchEvent(new Event("witei:ready"));
})();
