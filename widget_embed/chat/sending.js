// Sending: one at a time and until acknowledged, so that order holds whatever the connection does.

let underway = null;

function say(text, about, files) {
  lastOrder = Math.max(lastOrder + 1, Date.now());
  const id = crypto.randomUUID?.() ?? `${lastOrder}-${Math.random().toString(36).slice(2)}`;
  const message = { id, by: "visitor", text, about, files, at: new Date(lastOrder).toISOString() };
  keepUnsent(message);
  $("replies").hidden = true;
  changed(() => add(message, true), true);
  flush();
}

function keepUnsent({ id, text, about, files, at }) {
  keep(unsentPrefix + id, JSON.stringify({ text, order: Date.parse(at), about, files }));
}

function gatherUnsent() {
  for (const { id, text, order, about, files } of unsent()) {
    if (!byId.has(id)) add({ id, by: "visitor", text, about, files, at: new Date(order).toISOString() });
    lastOrder = Math.max(lastOrder, order);
  }
}

function flush() {
  if (underway || !isWelcome) return;
  const early = settledAt - performance.now();
  if (early > 0) return void setTimeout(flush, early);
  underway = entries.find((entry) => entry.state === "sending") ?? null;
  const { id, text, about, files = [] } = underway ?? {};
  if (underway) ask({ t: "say", id, text, about, files: files.map((file) => file.id) });
}

function retry(entry) {
  const about = { ...entry.about, ...answers() };
  changed(() => Object.assign(entry, { state: "sending", reason: "", about }));
  keepUnsent(entry);
  flush();
}
