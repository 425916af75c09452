// Puts together what the server sends in pieces, so that a push carries a few rows and not the whole list.

// Of each conversation the newest row, without those that are gone, the greatest rank first.
export function arranged(rows, pieces, gone) {
  const newest = new Map();
  for (const row of [rows, ...pieces].flat()) newest.set(row.id, row);
  for (const id of gone) newest.delete(id);
  return [...newest.values()].sort((one, other) =>
    one.rank === other.rank ? other.id - one.id : one.rank < other.rank ? 1 : -1,
  );
}

// Each entry of a thread at its first place, as it was told last; the pieces are a ring that begins at `turn`.
export function strung(page, pieces, turn, gone) {
  const newest = new Map();
  for (const row of [page, ...pieces.slice(turn), ...pieces.slice(0, turn)].flat()) newest.set(row.id, row);
  for (const id of gone) newest.delete(id);
  return [...newest.values()];
}
