// Begin. The page is there before its script: what was typed meanwhile stays, and can be sent from now on.

const isEntered = box.value.endsWith("\n"); // Enter sends; the browser itself puts nothing back (autocomplete="off")
$("send").disabled = false;
if (box.value) fitBox(); // it measures the page, which nobody has laid out yet
greet();
arrangeAsking();
// What this browser keeps, and the line to the server, after the first paint: each turn is short, so that nothing that
// the visitor does has to wait.
setTimeout(() => {
  if (!back) gatherUnsent();
  arrange();
  arrangeAsking();
  if (isEntered) $("send").click();
  if (ofTab(draftKey)) goOnWriting();
  setTimeout(begin);
});

function begin() {
  timeZone();
  // Sandboxed without an origin of its own it can neither hear the page nor be heard by the server: that is said at once.
  if (self.origin === "null") return end();
  if (window.parent !== window) {
    const ready = { witei: "ready", color: config.color, close: texts.close, homeless: !ownStorage() };
    return window.parent.postMessage(ready, "*"); // no secret in it
  }
  document.documentElement.classList.add("alone");
  connect();
}
