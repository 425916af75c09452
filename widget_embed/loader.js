// The button on the agency's page. Until it is pressed: no cookie, storage, connection, font or image.
((win, doc) => {
  "use strict";
  const script = doc.currentScript || doc.querySelector("script[data-key][src*='/embed/loader.js']");
  if (!script || win.Witei?.open) return; // twice on a page, or run again by a turbo-like navigation
  const { key, color, side, lang } = script.dataset;
  if (!key) return console.error("Web chat: data-key is missing.");

  const LABELS = {
    en: ["Open chat", "Close chat"],
    es: ["Abrir chat", "Cerrar chat"],
    ca: ["Obrir el xat", "Tancar el xat"],
    fr: ["Ouvrir le chat", "Fermer le chat"],
    de: ["Chat öffnen", "Chat schließen"],
    it: ["Apri la chat", "Chiudi la chat"],
    pt: ["Abrir chat", "Fechar chat"],
  };
  const base = new URL("./", script.src);
  const listeners = new Set();
  const phone = win.matchMedia("(max-width: 480px)");
  let frame = null;
  let isReady = false; // the iframe listens
  let isOpen = false;
  let unread = 0;
  let user = null;

  // ---- what stands on the page: in a shadow root, so that styles reach neither in nor out
  const CSS = `
    :host{all:initial!important}
    button,iframe{position:fixed;right:20px;border:0;padding:0;margin:0}
    .left{right:auto;left:20px}
    button{bottom:20px;width:56px;height:56px;border-radius:50%;cursor:pointer;z-index:2147483001;
      background:var(--c,#1d5fe0);color:var(--i,#fff);box-shadow:0 6px 20px rgb(20 22 28/28%);transition:transform .12s}
    button:hover{transform:scale(1.05)}
    button:focus-visible{outline:3px solid var(--c,#1d5fe0);outline-offset:3px;box-shadow:0 0 0 3px #fff}
    svg{width:26px;height:26px;margin:15px;display:block;fill:none;stroke:currentColor;stroke-width:1.8;
      stroke-linecap:round;stroke-linejoin:round}
    b{position:absolute;top:-4px;right:-4px;min-width:20px;padding:0 6px;box-sizing:border-box;border-radius:10px;
      background:#c22f22;color:#fff;font:600 12px/20px system-ui,sans-serif;text-align:center}
    iframe{bottom:88px;width:376px;height:min(640px,calc(100dvh - 108px));border-radius:18px;z-index:2147483000;
      background:Canvas;color-scheme:light dark;box-shadow:0 12px 48px rgb(20 22 28/22%);animation:rise .12s ease-out}
    [hidden]{display:none}
    @keyframes rise{from{opacity:0;transform:translateY(8px)}}
    @media (max-width:480px){iframe{inset:0;width:100%;height:100dvh;border-radius:0;z-index:2147483002}}
    @media (prefers-reduced-motion){*{animation:none!important;transition:none!important}}
    @media print{:host{display:none!important}}`;
  const host = doc.createElement("witei-chat");
  const root = host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet(); // a style element would need 'unsafe-inline' in the page's CSP
  sheet.replaceSync(CSS);
  root.adoptedStyleSheets = [sheet];
  const button = doc.createElement("button");
  button.type = "button";
  const badge = doc.createElement("b");
  const icon = doc.createElementNS("http://www.w3.org/2000/svg", "svg");
  icon.setAttribute("viewBox", "0 0 24 24");
  icon.setAttribute("aria-hidden", "true");
  const path = icon.appendChild(doc.createElementNS(icon.namespaceURI, "path"));
  button.append(icon, badge);
  if (side === "left") button.className = "left";
  root.append(button);

  function language() {
    const wanted = [lang, doc.documentElement.lang, ...(win.navigator.languages || [])];
    return wanted.map((tag) => (tag || "").slice(0, 2).toLowerCase()).find((tag) => LABELS[tag]) || "en";
  }

  function paint(background) {
    const hex = /^#([0-9a-f]{6})$/i.exec(background || "");
    if (!hex) return;
    // WCAG 2 relative luminance; 0.179 is where black and white contrast equally.
    const [r, g, b] = [0, 2, 4]
      .map((at) => parseInt(hex[1].substr(at, 2), 16) / 255)
      .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    button.style.setProperty("--c", background);
    button.style.setProperty("--i", 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.179 ? "#000" : "#fff");
  }

  function show() {
    const label = LABELS[language()][isOpen ? 1 : 0];
    button.setAttribute("aria-label", unread && !isOpen ? `${label} (${unread})` : label);
    button.setAttribute("aria-expanded", isOpen);
    path.setAttribute("d", isOpen ? "M6 9l6 6 6-6" : "M5 4.5h14a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2h-6L8 20v-3.5H5a2 2 0 0 1-2-2v-8a2 2 0 0 1 2-2z");
    badge.textContent = unread > 99 ? "99+" : unread;
    badge.hidden = !unread || isOpen;
    if (frame) frame.hidden = !isOpen;
    doc.documentElement.style.overflow = isOpen && phone.matches ? "hidden" : "";
    fit();
  }

  // The on-screen keyboard covers a fixed element on iOS; the visual viewport is what remains.
  function fit() {
    if (!frame || !win.visualViewport) return;
    const { height, offsetTop } = win.visualViewport;
    frame.style.height = phone.matches ? `${height}px` : "";
    frame.style.top = phone.matches ? `${offsetTop}px` : "";
  }

  // ---- the conversation itself: an iframe from our own address, made at the first opening
  function load() {
    frame = doc.createElement("iframe");
    frame.title = "Chat";
    frame.className = button.className;
    frame.src = new URL(`chat/${encodeURIComponent(key)}?lang=${language()}`, base);
    root.insertBefore(frame, button);
  }

  function tell() {
    const page = { url: win.location.href, title: doc.title, referrer: doc.referrer };
    if (isReady) frame.contentWindow.postMessage({ witei: "state", open: isOpen, full: phone.matches, page, user }, base.origin);
  }

  function toggle(wanted) {
    isOpen = wanted;
    if (isOpen && !frame) load();
    remember(isOpen ? "open" : "closed");
    show();
    tell();
    if (isOpen) frame.focus();
  }

  // For this tab and visit alone, and only once the visitor has opened the chat: a page change goes on where it was.
  function remember(state) {
    try {
      if (!state) return win.sessionStorage.getItem("witei");
      win.sessionStorage.setItem("witei", state);
    } catch {
      return null; // storage may be forbidden
    }
  }

  const HEARD = {
    ready: (data) => {
      if (!color) paint(data.color);
      isReady = true;
      tell();
    },
    close: () => {
      toggle(false);
      button.focus();
    },
    unread: (data) => {
      unread = Number(data.n) || 0;
      show();
      listeners.forEach((listener) => listener(unread));
    },
  };
  win.addEventListener("message", (event) => {
    if (!frame || event.source !== frame.contentWindow || event.origin !== base.origin) return;
    if (Object.hasOwn(HEARD, event.data?.witei)) HEARD[event.data.witei](event.data);
  });
  button.addEventListener("click", () => toggle(!isOpen));
  phone.addEventListener("change", () => (show(), tell()));
  win.visualViewport?.addEventListener("resize", fit);
  win.visualViewport?.addEventListener("scroll", fit);

  // Beside the body, not in it: turbo-like navigation replaces the body, and moving an iframe would reload it.
  const attach = () => host.isConnected || doc.documentElement.append(host);
  new MutationObserver(attach).observe(doc.documentElement, { childList: true });

  win.Witei = {
    open: () => toggle(true),
    close: () => toggle(false),
    identify: (who) => {
      user = who;
      tell();
    },
    on: (name, listener) => {
      if (name !== "unread") throw new Error(`Web chat: there is no event "${name}".`);
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };

  paint(color);
  attach();
  const before = remember();
  if (before === "open" && !phone.matches) toggle(true);
  else if (before) load();
  show();
  win.dispatchEvent(new Event("witei:ready"));
})(window, document);
