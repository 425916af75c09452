// What the visitor's hands do: typing, sending, choosing files, closing.

let lastTyping = 0;
const draftKey = `${prefix}draft`;

function fitBox() {
  form.classList.toggle("empty", !box.value.trim());
  const before = box.style.height;
  box.style.height = "auto";
  // Where nobody has laid it out yet there is nothing to measure; the first time that somebody does is seen in labels.js.
  box.style.height = box.scrollHeight ? `${Math.min(box.scrollHeight, 132)}px` : before;
}

// Each tab writes its own.
const keepDraft = () => keepInTab(draftKey, box.value);

function goOnWriting() {
  box.value ||= ofTab(draftKey) ?? "";
  fitBox();
}

box.addEventListener("input", () => {
  fitBox();
  keepDraft();
  if (!box.value || Date.now() - lastTyping < TYPING_EVERY) return;
  lastTyping = Date.now();
  tell({ t: "typing" });
});
box.addEventListener("keydown", (event) => {
  // 229 is the key that ends a word of Chinese or Japanese in Safari.
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
  event.preventDefault();
  $("send").click();
});
// Safari lets a frame of another origin take the focus to a field only once somebody has done something in it: what is
// typed first goes there all the same.
document.addEventListener("keydown", (event) => {
  const isText = event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey;
  if (isText && document.activeElement === document.body) box.focus();
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  const text = box.value.replace(CONTROLS, "").trim();
  if (!text && answers().email && isBegun()) return leaveAddress(); // Enter, in the field of the address
  box.focus();
  if (!SEEN.test(text)) return;
  if (text.length > config.longest) return announce(texts.too_long);
  const about = answers();
  box.value = "";
  lastTyping = 0;
  fitBox();
  keepDraft();
  if (notice.textContent === texts.too_long || notice.matches(".good")) announce(standing);
  say(text, Object.keys(about).length ? about : undefined);
});
const picker = $("picker");
$("attach").addEventListener("click", () => form.reportValidity() && picker.click());
picker.addEventListener("change", () => {
  sendFiles(picker.files);
  picker.value = "";
});
box.addEventListener("paste", (event) => takeFrom(event, event.clipboardData));
addEventListener("dragover", (event) => event.preventDefault());
addEventListener("drop", (event) => takeFrom(event, event.dataTransfer));

function takeFrom(event, { files }) {
  if (!files.length) return;
  event.preventDefault();
  if (form.reportValidity()) sendFiles(files);
}

$("close").addEventListener("click", () => toPage({ witei: "close" }));
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.isComposing) return;
  event.preventDefault(); // it is no close request (below) any more
  stepBack();
});

// What is on top goes first: the emoji, the menu, the chat.
function stepBack() {
  if (emojis?.hidden === false) return arrangeEmojis(false);
  if (menu.hidden) return toPage({ witei: "close" });
  showMenu(false);
  more.focus();
}

// Over the whole screen of a phone, Back means this too. A step in the history would be one in the page's own as well.
let watcher = null;

function watchBack() {
  if (!window.CloseWatcher) return;
  if (!host.open || !host.full) return void (watcher = watcher?.destroy());
  watcher ??= new CloseWatcher();
  watcher.onclose = () => {
    watcher = null;
    stepBack();
    watchBack();
  };
}

jump.addEventListener("click", toEnd);
window.addEventListener("online", reconnectNow);
window.addEventListener("offline", () => announce(texts.offline));
document.addEventListener("visibilitychange", () => {
  if (document.hidden) return;
  reconnectNow();
  noticeUnread();
});
window.addEventListener("storage", (event) => {
  if (event.key === tokenKey && event.newValue && isWelcome && !isAnothers()) agree();
});
setInterval(() => {
  arrangeAsking();
  if (!isWelcome || underway) return;
  if (performance.now() < turnsAt) return ask({ t: "ping" });
  drop();
  connect();
}, PING_EVERY);
