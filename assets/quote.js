// On a quote's own page: says once that somebody has it before them, and prints it.
const tell = () => fetch(document.body.dataset.read, { method: "POST", keepalive: true }).catch(() => undefined);

function tellWhenSeen() {
  if (document.visibilityState !== "visible") return;
  document.removeEventListener("visibilitychange", tellWhenSeen);
  setTimeout(tell, 1000);
}

document.addEventListener("visibilitychange", tellWhenSeen);
tellWhenSeen();

const print = document.querySelector("[data-print]");
print.hidden = false;
print.addEventListener("click", () => window.print());
