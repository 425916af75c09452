// Begin. The page is there before its script: what was typed meanwhile stays, and can be sent from now on.

const isEntered = box.value.endsWith("\n"); // Enter sends; the browser itself puts nothing back (autocomplete="off")
$("send").disabled = false;
fitBox();
greet();
if (!back) gatherUnsent();
arrange();
arrangeAsking();
if (isEntered) form.requestSubmit();
if (local && sessionStorage.getItem(draftKey)) goOnWriting(sessionStorage.getItem(draftKey));
// Sandboxed without an origin of its own it can neither hear the page nor be heard by the server: that is said at once.
if (self.origin === "null") end();
else if (window.parent === window) {
  document.documentElement.classList.add("alone");
  connect();
} else window.parent.postMessage({ witei: "ready", color: config.color, close: texts.close, homeless: !local }, "*"); // no secret in it
