// The menu at the head.

const [menu, more] = ["menu", "more"].map($);
let isForgetting = false;

function showMenu(isShown) {
  menu.hidden = !isShown;
  more.setAttribute("aria-expanded", isShown);
  if (!isShown) return;
  const isQuiet = Boolean(stored(quietKey));
  const choices = [choice(isQuiet ? texts.sound_on : texts.sound_off, () => (isQuiet ? forget(quietKey) : keep(quietKey, "1")))];
  if (isBegun() && isKnown) choices.push(choice(texts.copy, () => ask({ t: "transcript" })));
  if (isBegun()) choices.push(choice(texts.forget, () => ((isForgetting = true), arrangeAsking()), "danger"));
  menu.replaceChildren(...choices);
  menu.firstChild.focus();
}

function choice(label, action, className) {
  return button(label, () => (showMenu(false), more.focus(), action()), className);
}

more.addEventListener("click", () => showMenu(menu.hidden));
addEventListener("pointerdown", ({ target }) => menu.contains(target) || more.contains(target) || showMenu(false));

function forgettingFields() {
  const line = element("div", "line");
  const done = () => ((isForgetting = false), arrangeAsking(), box.focus());
  const no = button(texts.cancel, done);
  line.append(button(texts.delete, () => (ask({ t: "forget" }), done()), "danger"), no);
  setTimeout(() => no.focus());
  return [element("p", "", texts.forget_sure), line];
}
