/** Masks at one bit a weight, the first weight in a byte's highest bit, as numpy's `packbits` does. */

/** Packs the entries that are not zero; the last byte is filled up with zeros. */
export function packBits(values: ArrayLike<number>): Uint8Array<ArrayBuffer> {
  const packed = new Uint8Array(Math.ceil(values.length / 8));
  for (let i = 0; i < values.length; i++) if (values[i] !== 0) packed[i >> 3] |= 0x80 >> (i & 7);
  return packed;
}

/** Unpacks n bits to 0 and 1. */
export function unpackBits(packed: Uint8Array, n: number): Float32Array<ArrayBuffer> {
  const values = new Float32Array(n);
  for (let i = 0; i < n; i++) values[i] = (packed[i >> 3] >> (7 - (i & 7))) & 1;
  return values;
}

/** Counts the ones. */
export function countBits(packed: Uint8Array): number {
  let count = 0;
  for (let i = 0; i < packed.length; i++) count += ones[packed[i]];
  return count;
}

/** Counts the ones that both have; equal lengths. */
export function countBoth(a: Uint8Array, b: Uint8Array): number {
  let count = 0;
  for (let i = 0; i < a.length; i++) count += ones[a[i] & b[i]];
  return count;
}

/** Ones in each byte. */
const ones = Uint8Array.from({ length: 256 }, (_, byte) => {
  let count = 0;
  for (let rest = byte; rest > 0; rest >>= 1) count += rest & 1;
  return count;
});
