// What was said before: the newest at once, the rest in their own time, so that a long chat opens as fast as a short one.
const earlier = [];
const AT_ONCE = 20;

function addEarlier() {
  const some = earlier.splice(-AT_ONCE);
  changed(() => some.forEach((message) => add(message)));
  if (earlier.length) return setTimeout(addEarlier);
  log.setAttribute("aria-busy", "false");
  noticeUnread();
}
