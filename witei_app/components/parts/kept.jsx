// What is written and not sent, by conversation. It outlives the editor: remounts, reconnects, and the last one a reload.

export const kept = new Map(); // what is written
export const turns = new Map(); // which reading of its draft was shown last
export const early = new Map(); // what was written before its draft was here

// By whom, so that nobody else on this computer finds it. It outlives a reload, the app that was restarted under the page,
// and a database that was away.
const inThisTab = (what) => ({
  name: (owner, id) => `${what}:${owner}:${id}`,
  get(owner, id) {
    try {
      return owner ? sessionStorage.getItem(this.name(owner, id)) : null;
    } catch {
      return null; // storage is switched off
    }
  },
  set(owner, id, content) {
    try {
      if (owner) sessionStorage.setItem(this.name(owner, id), content);
    } catch {
      // as above, or full
    }
  },
  delete(owner, id) {
    try {
      sessionStorage.removeItem(this.name(owner, id));
    } catch {
      // as above
    }
  },
});

// What was written, and what was pressed to say for whom ("note" or "answer"), and is not yet known to be kept on the
// server.
export const unkept = inThisTab("unkept");
export const unkeptKind = inThisTab("kind");

// Each save has a number, by which the server says that it was kept; never one from before a reload.
let saves = Date.now();
const saved = new Map(); // conversation -> the number of its last save, until that is kept

export function numberOfSave(id) {
  saves += 1;
  saved.set(id, saves);
  return saves;
}

export function savedNoMore(id) {
  saved.delete(id);
}

export function wasKept(owner, number) {
  for (const [id, last] of saved) {
    if (last !== number) continue;
    saved.delete(id);
    unkept.delete(owner, id);
  }
}
