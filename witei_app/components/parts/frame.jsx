// A mail as it was sent, in an iframe without scripts: as tall as its content, without remote images until asked.
import { useCallback, useEffect, useRef, useState } from "react";

// Nobody reads a mail of so many screens; one that says to be taller scrolls in its own place.
const TALLEST = 30000;
const SMALLEST = 32; // a smaller picture is a sign or a spacer
const BLOCKED = "[data-remote], img[src^='http'], img:not([src]), [background^='http']";
const OURS = "img[src^='/']";

// A picture is a link, so that the keyboard reaches it, and so that it opens in Safari too: there a frame without scripts
// hears none of the page's, and a new tab takes the viewer's place.
function asLink(picture) {
  if (picture.closest("a") || (picture.naturalWidth && picture.naturalWidth < SMALLEST)) return;
  const link = picture.ownerDocument.createElement("a");
  Object.assign(link, { href: picture.src, target: "_blank", rel: "noopener" });
  link.dataset.picture = "";
  picture.replaceWith(link);
  link.append(picture);
}

// In the page's viewer. Nothing is returned: `false` would keep every other link, and what is folded, from opening.
function openPicture(event) {
  const picture = event.target.closest?.("[data-picture]")?.firstChild;
  if (!picture || event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  window.dispatchEvent(new CustomEvent("open-picture", { detail: picture }));
}

// What is pressed in a mail counts on the page around it, and leads out of it: who clicked into one goes on with J, R or
// Ctrl+K all the same. Nothing of the mail runs for it. What scrolls or copies stays in it.
function passOn(event, frame) {
  const { key, code, ctrlKey, metaKey, altKey, shiftKey, repeat } = event;
  const isCommand = ctrlKey || metaKey ? key.toLowerCase() === "k" : key === "Escape" || (key.length === 1 && key !== " ");
  if (isCommand) frame.closest(".log")?.focus({ preventScroll: true });
  if (key === "Escape") document.querySelectorAll("[popover]:popover-open").forEach((panel) => panel.hidePopover());
  const pressed = { key, code, ctrlKey, metaKey, altKey, shiftKey, repeat, bubbles: true, cancelable: true };
  if (!frame.dispatchEvent(new KeyboardEvent("keydown", pressed))) event.preventDefault();
}

export function MailFrame({ src, title, hiddenLabel, showLabel }) {
  const frame = useRef(null);
  const sizer = useRef(null);
  const [height, setHeight] = useState(96);
  const [hasBlocked, setHasBlocked] = useState(false);
  const [showsImages, setShowsImages] = useState(false);

  const measure = useCallback(() => {
    const body = frame.current?.contentDocument?.body;
    if (body) setHeight(Math.max(24, Math.ceil(body.getBoundingClientRect().bottom + frame.current.contentWindow.scrollY)));
  }, []);

  const onLoad = useCallback(() => {
    const page = frame.current?.contentDocument;
    // What stands there before the mail has a body as tall as the frame, which would shrink on and on.
    if (!page?.body || page.URL === "about:blank") return;
    setHasBlocked(Boolean(page.querySelector(BLOCKED)));
    sizer.current?.disconnect();
    sizer.current = new ResizeObserver(measure);
    sizer.current.observe(page.body);
    page.querySelectorAll(OURS).forEach(asLink);
    page.onclick = openPicture;
    page.onkeydown = (event) => passOn(event, frame.current);
    measure();
  }, [measure]);

  useEffect(() => {
    if (frame.current?.contentDocument?.readyState === "complete") onLoad(); // loaded before React listened
    return () => sizer.current?.disconnect();
  }, [onLoad]);

  const address = showsImages ? `${src}${src.includes("?") ? "&" : "?"}images=1` : src;
  return (
    <>
      {hasBlocked && !showsImages && (
        <div className="frame-bar">
          {hiddenLabel}
          <button type="button" className="text-button" onClick={() => setShowsImages(true)}>{showLabel}</button>
        </div>
      )}
      <iframe ref={frame} className="frame" src={address} title={title} loading="lazy" scrolling={height > TALLEST ? "auto" : "no"}
        style={{ height: Math.min(height, TALLEST) }}
        sandbox="allow-same-origin allow-popups allow-popups-to-escape-sandbox" onLoad={onLoad} />
    </>
  );
}
