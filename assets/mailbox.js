// On the demo mailbox: what is sent meanwhile appears by itself. What is being read or written is left alone.
const LOOKS_EVERY = 2_000;
const LIST = ".mailbox-list";
const PANE = ".mailbox-main";

const isRead = () => document.querySelector(`${PANE} article`) !== null;
const isWritten = () =>
  document.activeElement?.closest(PANE) || [...document.querySelectorAll(`${PANE} :is(input, textarea)`)].some((one) => one.value);

function replace(selector, page) {
  const [shown, found] = [document, page].map((one) => one.querySelector(selector));
  if (!found || shown.innerHTML === found.innerHTML) return;
  const href = document.activeElement?.closest(LIST) && document.activeElement.getAttribute("href");
  shown.replaceChildren(...found.childNodes);
  if (href) document.querySelector(`${LIST} [href="${href}"]`)?.focus();
}

async function look() {
  if (document.visibilityState !== "visible") return;
  const answer = await fetch(location.href).catch(() => null);
  if (!answer?.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  replace(LIST, page);
  if (!isRead() && !isWritten()) replace(PANE, page);
}

setInterval(look, LOOKS_EVERY);
