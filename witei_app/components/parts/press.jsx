// A press holds to its button. Leaving a field makes a chip, a refusal comes, a text grows: the page moves while the mouse
// is down, and a browser clicks only what is under it at both ends. Fingers and pens are held by the browser itself.

const FAR = 24; // pixels; whoever draws the pointer so far away has thought better of it

let held = null; // { button, x, y }

function onDown(event) {
  held = null;
  const button = event.target.closest?.("button");
  if (!button || event.pointerType !== "mouse" || event.button !== 0) return;
  held = { button, x: event.clientX, y: event.clientY };
  button.setPointerCapture(event.pointerId);
}

function onClick(event) {
  if (!held || event.detail === 0) return; // by the keyboard, or by a script
  const { button, x, y } = held;
  held = null;
  const isFar = Math.hypot(event.clientX - x, event.clientY - y) > FAR;
  if (isFar && !button.contains(document.elementFromPoint(event.clientX, event.clientY))) {
    event.preventDefault();
    event.stopPropagation();
  }
}

export function holdPresses() {
  addEventListener("pointerdown", onDown, true);
  addEventListener("click", onClick, true);
  return () => {
    removeEventListener("pointerdown", onDown, true);
    removeEventListener("click", onClick, true);
  };
}
