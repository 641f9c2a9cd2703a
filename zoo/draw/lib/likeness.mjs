/**
 * Finds families that draw the same pictures under different names (forks, metric clones).
 *
 * Two faces are alike when the median over their shared characters of (mean absolute difference ÷ mean ink) is
 * below LIMIT; one alike pair joins their families.
 */
const PIXELS = 784;

/** Forks lie below (FiraGO .00, Alexandria of Montserrat .07); ordinary sans capitals come as near as .09. */
const LIMIT = 0.08;

/** @returns {[string, string, number][]} pairs of groups that are alike, with the least difference found */
export function alikeGroups({ labels, face, pixels }, groupOf) {
  const byFace = new Map();
  labels.forEach((label, row) => {
    if (!byFace.has(face[row])) byFace.set(face[row], new Map());
    byFace.get(face[row]).set(label, row);
  });
  const ids = [...byFace.keys()];
  const ink = labels.map((_, row) => {
    let sum = 0;
    for (let i = 0; i < PIXELS; i++) sum += pixels[row * PIXELS + i];
    return sum;
  });
  const least = new Map();
  for (let a = 0; a < ids.length; a++) {
    for (let b = a + 1; b < ids.length; b++) {
      const [ga, gb] = [groupOf(ids[a]), groupOf(ids[b])];
      if (ga === gb) continue;
      const difference = compare(byFace.get(ids[a]), byFace.get(ids[b]), pixels, ink);
      if (difference >= LIMIT) continue;
      const key = [ga, gb].sort().join(" = ");
      least.set(key, Math.min(least.get(key) ?? 9, difference));
    }
  }
  return [...least].map(([key, value]) => [...key.split(" = "), value]).sort((x, y) => x[2] - y[2]);
}

function compare(left, right, pixels, ink) {
  const found = [];
  let seen = 0;
  for (const [label, p] of left) {
    const q = right.get(label);
    if (q === undefined) continue;
    let sum = 0;
    for (let i = 0; i < PIXELS; i++) sum += Math.abs(pixels[p * PIXELS + i] - pixels[q * PIXELS + i]);
    found.push((2 * sum) / (ink[p] + ink[q]));
    // Most pairs are strangers: eight characters tell.
    if (++seen === 8 && median(found) > 2 * LIMIT) return 9;
  }
  return found.length < 8 ? 9 : median(found);
}

function median(values) {
  return [...values].sort((a, b) => a - b)[values.length >> 1];
}
