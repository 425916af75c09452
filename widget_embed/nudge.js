// The agency's own line beside the button. The loader brings it when it is due, once to each visitor.
const words = WORDS;
const close = CLOSE;
const CSS = `
  p{all:initial;outline:1px solid #0000;position:fixed;bottom:88px;right:20px;z-index:2147483646;box-sizing:border-box;max-width:min(280px,calc(100vw - 40px));
    border-radius:16px;background:Canvas;color-scheme:light dark;
    box-shadow:0 0 0 1px rgb(127 127 127/20%),0 6px 24px rgb(20 22 28/28%)}
  p.left{right:auto;left:20px}
  p button{all:unset;display:block;cursor:pointer;font:15px/1.4 system-ui;color:CanvasText;padding:12px 16px;overflow-wrap:anywhere}
  p button:focus-visible{outline:2px solid;border-radius:16px}
  p .no{position:absolute;top:-12px;right:-12px;width:28px;padding:0;text-align:center;line-height:28px;border-radius:14px;
    background:Canvas;box-shadow:0 0 0 1px rgb(127 127 127/30%)}
  @media (prefers-reduced-motion:no-preference){p{animation:rise .12s}}
  @media print{p{display:none}}`;

const root = document.querySelector("witei-chat").shadowRoot;
const button = root.querySelector("button");

function show() {
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(CSS);
    root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
  } catch {
    root.appendChild(document.createElement("style")).textContent = CSS; // Safari before 16.4
  }
  const line = document.createElement("p");
  line.setAttribute("role", "status");
  line.className = button.className;
  const [say, no] = [words, "×"].map((text) => Object.assign(document.createElement("button"), { textContent: text }));
  no.className = "no";
  no.setAttribute("aria-label", close);
  say.onclick = Witei.open;
  no.onclick = () => line.remove();
  root.append(line);
  line.append(say, no); // now, so that it is said
  // The chat was opened, whichever way.
  new MutationObserver(() => button.getAttribute("aria-expanded") === "true" && line.remove()).observe(button, { attributes: true });
}

if (words) show();
