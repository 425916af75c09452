// A server that was brought up to date serves other pages than this tab has: it loads them, as soon as nobody is in the
// middle of something. What is written in the composer is a draft, and outlives that.
import { hasTyped } from "./forms.jsx";
import { hasUnsaved } from "./unsaved.jsx";

const PAUSE = 1000;
const EDITABLE = "input, textarea, select, [contenteditable=true]";
let isWaiting = false;

// React Router's list of all files of the build: its name is another for each build, and that of a former one is gone.
async function isFormer() {
  const list = window.__reactRouterManifest?.url;
  if (!list) return false;
  try {
    return (await fetch(list, { method: "HEAD", cache: "no-store" })).status === 404;
  } catch {
    return false; // the line is lost again
  }
}

const isBusy = () => hasTyped() || hasUnsaved() || (!document.hidden && document.activeElement?.closest(EDITABLE));

// To be called when the server is there again.
export async function followVersion() {
  if (isWaiting || !(await isFormer())) return;
  isWaiting = true;
  setInterval(() => isBusy() || location.reload(), PAUSE);
}
