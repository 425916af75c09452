// The emoji come at the first click on their button, and from then on are there.
const smile = $("smile");
let emojis = null;

smile.addEventListener("click", async () => {
  const make = emojis ? null : (await import(`./emoji.js?lang=${lang}`).catch(() => announce(texts.offline)))?.default;
  if (make) document.querySelector(".middle").append((emojis ??= make(insert)));
  else if (emojis) emojis.hidden = !emojis.hidden;
  if (emojis) arrangeEmojis(!emojis.hidden);
});

function arrangeEmojis(isShown) {
  emojis.hidden = !isShown;
  smile.setAttribute("aria-expanded", isShown);
  if (!host.full) (isShown ? emojis.querySelector("input") : box).focus();
}

function insert(emoji) {
  box.setRangeText(emoji, box.selectionStart, box.selectionEnd, "end");
  box.dispatchEvent(new Event("input"));
}
