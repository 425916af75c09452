// The button on the agency's page. Until it is pressed: no cookie, storage, connection, font or image.
(() => {
  // A module is not current, and data-key may be another vendor's.
  const script = document.currentScript || document.querySelector('script[src*="/embed/loader.js"]');
  // Twice on a page, or run again by a turbo-like navigation.
  if (window.Witei) return;
  // The server puts the widget's settings before these.
  const { key, color, side, lang, text, nudge } = { ...script.dataset };
  const base = new URL("./", script.src);

  const LABELS = {
    en: "Open chat",
    es: "Abrir chat",
    pt: "Abrir chat",
    ca: "Obrir el xat",
    fr: "Ouvrir le chat",
    de: "Chat öffnen",
    it: "Apri la chat",
  };

  // In a shadow root, so that styles reach neither in nor out.
  const CSS = `
    :host{all:initial!important;display:contents!important}
    button,iframe{position:fixed;right:20px;border:0;outline:1px solid #0000;padding:0;margin:0;z-index:2147483646}
    .left{right:auto;left:20px}
    button{bottom:20px;min-width:56px;max-width:calc(100% - 40px);height:56px;border-radius:56px;cursor:pointer;display:flex;font:600 16px system-ui;background:var(--c);
      color:var(--i);box-shadow:0 6px 20px #0004}
    button:hover{filter:brightness(1.1)}
    button:focus-visible{outline:2px solid #fff;box-shadow:0 0 0 5px #000}
    svg{flex:none;width:24px;height:24px;margin:16px;fill:none;stroke:currentColor;stroke-width:1.8}
    span{align-self:center;margin-inline:-4px 20px}
    b{position:absolute;inset:-4px -4px auto auto;border-radius:20px;min-width:20px;background:#c22;color:#fff;
      font:600 12px/20px system-ui}
    iframe{bottom:88px;width:376px;height:640px;max-height:calc(100% - 108px);border-radius:18px;background:Canvas;
      color-scheme:light dark;box-shadow:0 0 0 1px #8883,0 6px 20px #0004}
    iframe.full{inset:0;width:100%;max-height:none;border-radius:0;z-index:2147483647}
    [hidden]{display:none}
    @media (prefers-reduced-motion:no-preference){iframe{animation:rise .12s}}
    @keyframes rise{from{opacity:0;translate:0 8px}}
    @media print{:host{display:none!important}}`;
  const host = document.createElement("witei-chat");
  const root = host.attachShadow({ mode: "open" });
  // A style element would need 'unsafe-inline' in the page's CSP. Safari before 16.4 knows nothing else.
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(CSS);
    root.adoptedStyleSheets = [sheet];
  } catch {
    root.appendChild(document.createElement("style")).textContent = CSS;
  }
  const [button, badge, caption] = ["button", "b", "span"].map((tag) => document.createElement(tag));
  const [icon, path] = ["svg", "path"].map((tag) => document.createElementNS("http://www.w3.org/2000/svg", tag));
  icon.append(path);
  button.append(icon, caption, badge);
  button.className = side;
  root.append(button);

  // Held upright or across: it gets the whole screen.
  const phone = matchMedia("(max-width:480px),(max-height:480px) and (pointer:coarse)");
  const listeners = new Set();
  let frame, user, overflow, closing, isReady, isAsked, isOpen = false, isFull = false, unread = 0, pause = 1000;

  function language() {
    return [lang, document.documentElement.lang, ...navigator.languages, "en"]
      .map((tag) => tag?.slice(0, 2).toLowerCase())
      .find((tag) => LABELS[tag]);
  }

  // Black or white on it, by relative luminance; where the two contrast equally it is 0.179.
  function paint(hex) {
    if (!/^#[0-9a-f]{6}$/i.test(hex)) return;
    const [r, g, b] = [1, 3, 5].map((at) => (parseInt(hex.slice(at, at + 2), 16) / 255) ** 2.2);
    button.style = `--c:${hex};--i:${.2126 * r + .7152 * g + .0722 * b > .179 ? "#000" : "#fff"}`;
  }

  function show() {
    // The agency's words are part of the name: whoever sees them can say them (WCAG 2.5.3).
    const label = isOpen && closing || (text ? text + ", " : "") + LABELS[language()];
    const news = !isOpen && unread;
    button.setAttribute("aria-label", news ? label + ` (${news})` : label);
    button.setAttribute("aria-expanded", isOpen);
    path.setAttribute("d", isOpen ? "M6 9l6 6 6-6" : "M4 20l2-4a8 8 0 1 1 3 3z");
    badge.textContent = news;
    caption.textContent = text;
    caption.hidden = !text || isOpen;
    badge.hidden = !news;
    if (!frame) return;
    frame.hidden = !isOpen;
    cover(isOpen && phone.matches);
  }

  // The page below neither scrolls nor takes the keyboard, and is afterwards as it was.
  function cover(isAll) {
    if (isAll === isFull) return;
    const { style } = document.documentElement;
    if (isAll) overflow = style.overflow;
    style.overflow = isAll ? "hidden" : overflow;
    button.hidden = isFull = isAll;
    attach();
    frame.classList.toggle("full", isAll);
    fit();
  }

  // The on-screen keyboard covers fixed elements on some systems; the visual viewport is what remains. Zoomed in, it is
  // no measure. To ask for it costs a layout of the whole page, so nobody does before there is something to fit.
  function fit() {
    if (!frame) return;
    const { height, offsetTop, scale } = visualViewport;
    if (scale > 1.01) return;
    frame.style = "";
    const hidden = frame.getBoundingClientRect().bottom - offsetTop - height;
    if (isFull) frame.style = `top:${offsetTop}px;height:${height}px;zoom:${1/frame.currentCSSZoom}`;
    else if (hidden > 0) frame.style = `bottom:${hidden+96}px;max-height:${height-16}px`;
  }

  // The conversation itself: an iframe from our own address, made at the first opening.
  function load() {
    frame = document.createElement("iframe");
    frame.title = "Chat";
    frame.className = side;
    frame.src = new URL(`chat/${key}?lang=${language()}&dir=${document.dir}`, base);
    // While the server is away an error page is what has loaded.
    frame.onload = () => setTimeout(() => isReady || frame.contentWindow.location.replace(frame.src), (pause *= 2));
    root.prepend(frame);
  }

  function tell(kept) {
    if (!isReady) return;
    const page = { url: location.href, title: document.title, referrer: document.referrer };
    frame.contentWindow.postMessage(
      { witei: "state", open: isOpen, asked: isAsked, full: phone.matches, page, user, kept },
      base.origin,
    );
    isAsked = false;
  }

  // The focus goes along only when somebody asked for the chat, not when the next page goes on with it.
  function toggle(wanted, asked = wanted) {
    isOpen = wanted;
    isAsked = asked;
    if (isOpen && !frame) load();
    // For this visit: the next page goes on where it was.
    storage("session", (store) => store.setItem(prefix, +isOpen));
    show();
    tell();
    if (isAsked) frame.focus();
  }

  const prefix = `witei:${key}:`;

  function storage(kind, use) {
    try {
      return use(window[kind + "Storage"]);
    } catch {
      // The browser forbids it.
    }
  }

  const own = (store) => Object.entries(store).filter(([name]) => name.startsWith(prefix));

  const HEARD = {
    ready(data) {
      isReady = true;
      closing = data.close;
      color || paint(data.color);
      show();
      tell(data.homeless && ["local", "session"].flatMap((kind) => storage(kind, own) || []));
    },
    // The browser gives the iframe no storage of its own: the visitor's token and unsent messages stay on this page.
    keep({ kind, name, value }) {
      if (!name.startsWith(prefix)) return;
      storage(kind, (store) => {
        store[value ? "setItem" : "removeItem"](name, value);
        tell(own(store)); // another tab's, when that came in between
      });
    },
    close() {
      toggle(false);
      button.focus();
    },
    unread({ n }) {
      unread = n;
      show();
      // Each by itself: a fault of the page's ends with the one that has it.
      listeners.forEach((listener) => setTimeout(listener, 0, n));
    },
  };
  addEventListener("message", ({ source, origin, data }) => {
    if (source === frame?.contentWindow && origin === base.origin) HEARD[data.witei]?.(data);
  });
  // Another tab's chat, without storage of its own like ours, got its token, or learnt whose it is: one visitor, one
  // conversation.
  addEventListener("storage", ({ storageArea: store }) => isReady && tell(own(store)));
  button.onclick = () => toggle(!isOpen);
  phone.onchange = () => (show(), tell());
  for (const name of ["resize", "scroll"]) visualViewport.addEventListener(name, fit);

  // Beside the body, not in it: turbo-like navigation replaces the body, and moving an iframe would reload it. React may
  // replace all of the document.
  function attach() {
    host.isConnected || document.documentElement.append(host);
    for (const node of [document, document.documentElement]) observer.observe(node, { childList: true });
    // One that was put aside while the chat covered it comes back as it was. It may not be there yet.
    if (document.body) document.body.inert = isFull;
  }
  const observer = new MutationObserver(attach);

  window.Witei = {
    open: () => toggle(true),
    close: () => isOpen && toggle(false),
    identify(who) {
      // These words alone: what a framework wraps its users in cannot be posted, and the rest is the page's own.
      user = JSON.parse(JSON.stringify(who || null, ["id", "email", "name", "signature", "expires"]));
      tell();
    },
    on(name, listener) {
      if (name === "unread") listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };

  // The agency's own line beside the button, once to each visitor; nothing is asked for before it is due. Tabs that wait
  // behind others do not count.
  let seconds = 0;
  const said = prefix + "said";
  const watch = nudge && setInterval(() => {
    if (document.hidden || ++seconds < nudge.after || !RegExp(nudge.on).test(location.pathname)) return;
    clearInterval(watch);
    // Where it cannot be remembered it is not said: nobody hears it on each page.
    if (frame || !storage("local", (store) => !store.getItem(said) && !store.setItem(said, 1))) return;
    import(new URL(`nudge.js?key=${key}&lang=${language()}`, base));
  }, 1000);

  // Where the visitor is, when the page changes without loading.
  window.navigation?.addEventListener("navigatesuccess", () => tell());

  paint("#1d5fe0");
  paint(color);
  attach();
  const before = storage("session", (store) => store.getItem(prefix));
  if (+before && !phone.matches) toggle(true, false);
  else if (before) load();
  show();
  dispatchEvent(new Event("witei:ready"));
})();
