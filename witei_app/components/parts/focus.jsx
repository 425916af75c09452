// What had the focus went away: a line was removed, a form was kept and comes anew. Whoever works with the keyboard goes
// on where they were, at the same control of the next line, and is not thrown back to the top of the page.
const PAGE = ".stage.scrolls, .details"; // list and thread have keys of their own
const CONTROLS = "a[href], button, input:not([type=hidden]), select, textarea";

let last = null; // { element, name, place, after, path }

const controlsOf = (page) => [...page.querySelectorAll(CONTROLS)].filter((one) => !one.disabled && one.checkVisibility());
const nameOf = (control) =>
  `${control.tagName} ${control.ariaLabel || control.labels?.[0]?.textContent || control.textContent}`;

function onFocus({ target }) {
  last = null;
  const page = target.closest?.(PAGE);
  const controls = page && target.matches(CONTROLS) ? controlsOf(page) : [];
  if (!controls.length) return;
  const name = nameOf(target);
  const place = controls.filter((one) => nameOf(one) === name).indexOf(target);
  last = { element: target, name, place, after: controls.slice(controls.indexOf(target) + 1), path: location.pathname };
}

function onChange() {
  if (!last || last.element.isConnected) return;
  const { name, place, after, path } = last;
  last = null;
  const page = document.querySelector(PAGE);
  if (!page || path !== location.pathname || document.activeElement !== document.body) return;
  const alike = controlsOf(page).filter((one) => nameOf(one) === name);
  const next = alike[Math.min(place, alike.length - 1)] ?? after.find((one) => one.isConnected && one.checkVisibility());
  (next ?? page).focus({ preventScroll: true });
}

export function holdFocus() {
  const changes = new MutationObserver(onChange);
  changes.observe(document.body, { childList: true, subtree: true });
  addEventListener("focusin", onFocus);
  return () => {
    changes.disconnect();
    removeEventListener("focusin", onFocus);
  };
}
