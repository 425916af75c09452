// A file that is dropped beside where it was meant to go would be opened by the browser, in the place of the page. Here
// nothing comes of it. Over the frame of a mail the page would not hear of it, so frames let it through meanwhile.

const holdsFiles = (event) => event.dataTransfer?.types.includes("Files");
const isTaken = (event) => event.defaultPrevented || event.target.closest?.("input[type=file]");

function onOver(event) {
  if (!holdsFiles(event)) return;
  document.documentElement.dataset.files = "";
  if (isTaken(event)) return;
  event.preventDefault();
  event.dataTransfer.dropEffect = "none";
}

function onLeave(event) {
  if (!event.relatedTarget) delete document.documentElement.dataset.files; // out of the window
}

function onDrop(event) {
  delete document.documentElement.dataset.files;
  if (holdsFiles(event) && !isTaken(event)) event.preventDefault();
}

export function guardDrops() {
  const heard = [["dragover", onOver], ["dragleave", onLeave], ["drop", onDrop]];
  heard.forEach(([name, handler]) => addEventListener(name, handler));
  return () => heard.forEach(([name, handler]) => removeEventListener(name, handler));
}
