/** Ranks of magnitudes within rows: see `Kernels.ranks`. */
import { bitsOf, magnitudeBits } from "./bits.ts";

/** Ranks are stored in 16 bits. */
const LONGEST_ROW = 65_536;

/** @throws Error for rows that 16 bits cannot rank, or that do not divide x */
export function requireRows(x: Float32Array, columns: number): void {
  if (!Number.isInteger(columns) || columns < 1 || columns > LONGEST_ROW || x.length % columns !== 0) {
    throw new Error(`ranks: rows of ${columns} in ${x.length} values`);
  }
}

/** Sorts each row by magnitude; of equal ones the lower index ranks higher. */
export function ranks(x: Float32Array, columns: number): Uint16Array<ArrayBuffer> {
  requireRows(x, columns);
  const bits = bitsOf(x);
  const out = new Uint16Array(x.length);
  for (let begin = 0; begin < x.length; begin += columns) {
    const places = Uint32Array.from({ length: columns }, (_, i) => begin + i);
    places.sort((a, b) => (bits[a] & magnitudeBits) - (bits[b] & magnitudeBits) || b - a);
    places.forEach((place, rank) => {
      out[place] = rank;
    });
  }
  return out;
}
