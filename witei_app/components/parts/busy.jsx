// Over a slow line the answer to a press comes late. What was pressed shows at once that it was heard: a row and a tab
// look chosen, a button that sends or archives waits, until the page changes.
const CHOICES = "[data-row], [role=tab]";
const BUTTONS = ".thread header .button:not([aria-haspopup]), .composer .button.primary:not([aria-haspopup])";
const LONGEST = 8000; // what is said of a lost line says the rest

let busy = null; // { control, changes, timer }

function end() {
  if (!busy) return;
  delete busy.control.dataset.busy;
  busy.changes.disconnect();
  clearTimeout(busy.timer);
  busy = null;
}

// What is typed meanwhile is no answer.
const isAnswer = (control) => ({ type, target }) =>
  control.matches(CHOICES)
    ? control.ariaCurrent === "true" || control.ariaSelected === "true"
    : type === "childList" && !target.closest("[contenteditable]");

function begin(control) {
  end();
  control.dataset.busy = "";
  const changes = new MutationObserver((all) => all.some(isAnswer(control)) && end());
  const attributeFilter = ["aria-current", "aria-selected"];
  changes.observe(document.querySelector(".stage") ?? document.body, { childList: true, subtree: true, attributeFilter });
  busy = { control, changes, timer: setTimeout(end, LONGEST) };
}

function onClick(event) {
  const control = event.target.closest?.(`${CHOICES}, ${BUTTONS}`);
  const isElsewhere = event.ctrlKey || event.metaKey || event.shiftKey; // in another tab
  if (control && !isElsewhere && control.ariaCurrent !== "true" && control.ariaSelected !== "true") begin(control);
}

function onKeyDown(event) {
  const isSent = event.key === "Enter" && (event.ctrlKey || event.metaKey);
  const button = isSent && event.target.closest?.(".composer")?.querySelector(BUTTONS);
  if (button) begin(button);
}

export function showBusy() {
  addEventListener("click", onClick, true);
  addEventListener("keydown", onKeyDown, true);
  return () => {
    removeEventListener("click", onClick, true);
    removeEventListener("keydown", onKeyDown, true);
    end();
  };
}
