// Begin.

greet();
if (!back) gatherUnsent();
arrange();
arrangeAsking();
if (local && sessionStorage.getItem(draftKey)) goOnWriting(sessionStorage.getItem(draftKey));
if (window.parent === window) {
  document.documentElement.classList.add("alone");
  connect();
} else window.parent.postMessage({ witei: "ready", color: config.color, close: texts.close, homeless: !local }, "*"); // no secret in it
