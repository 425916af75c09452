// Pressed twice before the server has answered, a form is sent once, and a button with `data-once` makes one thing: over
// a slow line a double click made two tickets. Whatever changes on the page counts as the answer, and what is typed
// meanwhile is something new to send.
const LONGEST = 8000; // an answer may change nothing that is seen

let waiting = null; // { control, until, changes }

function end() {
  waiting?.changes.disconnect();
  waiting = null;
}

const isLineAway = () => document.querySelector(".offline") !== null;

function once(control, event) {
  if (waiting?.control === control && (Date.now() < waiting.until || isLineAway())) {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  end();
  const changes = new MutationObserver((all) => all.some(({ target }) => !target.closest?.(".offline")) && end());
  changes.observe(document.body, { childList: true, subtree: true, characterData: true });
  waiting = { control, until: Date.now() + LONGEST, changes };
}

const onSubmit = (event) => once(event.target, event);

function onClick(event) {
  const button = event.target.closest?.("button[data-once]");
  if (button) once(button, event);
}

export function sendOnce() {
  addEventListener("submit", onSubmit, true);
  addEventListener("click", onClick, true);
  addEventListener("input", end, true);
  return () => {
    removeEventListener("submit", onSubmit, true);
    removeEventListener("click", onClick, true);
    removeEventListener("input", end, true);
    end();
  };
}
