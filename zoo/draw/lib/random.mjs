/** Seeded randomness: mulberry32 over a string's hash, so that every draw has a name. */
export function random(name) {
  let state = 2166136261;
  for (const c of name) state = Math.imul(state ^ c.codePointAt(0), 16777619) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function shuffled(list, name) {
  const next = random(name);
  const out = [...list];
  for (let i = out.length - 1; i > 0; i--) {
    const j = Math.floor(next() * (i + 1));
    [out[i], out[j]] = [out[j], out[i]];
  }
  return out;
}

/** Row numbers in an order every prefix of which is close to class-balanced, at most `most` a class. */
export function stratified(labels, name, most = Infinity) {
  const classes = new Map();
  for (const [row, label] of labels.entries()) classes.set(label, [...(classes.get(label) ?? []), row]);
  const tie = random(`${name} ties`);
  return [...classes.entries()]
    .sort(([a], [b]) => a - b)
    .flatMap(([label, rows]) => {
      const taken = shuffled(rows, `${name} ${label}`).slice(0, most);
      return taken.map((row, rank) => ({ row, at: (rank + 0.5) / taken.length, tie: tie() }));
    })
    .sort((a, b) => a.at - b.at || a.tie - b.tie)
    .map(({ row }) => row);
}
