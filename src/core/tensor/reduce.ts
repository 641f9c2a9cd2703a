/** Reductions over elements: f64 sums in the order that kernels.ts lays down, so that any number of lanes agrees. */
import { bitsOf, exponentBits, fromBits, magnitudeBits } from "./bits.ts";
import type { Kernels, Norms } from "./kernels.ts";

/** Elements per partial sum; results do not depend on how chunks are spread over workers. */
const chunk = 65_536;

/** Sums |x| and x²: see `Kernels.norms`. */
export function norms(x: Float32Array): Norms {
  let l1 = 0;
  let energy = 0;
  for (let begin = 0; begin < x.length; begin += chunk) {
    const end = Math.min(begin + chunk, x.length);
    l1 += chunkL1(x, begin, end);
    energy += chunkDot(x, x, begin, end);
  }
  let max = 0;
  let nonZero = 0;
  const bits = bitsOf(x);
  for (let i = 0; i < bits.length; i++) {
    const magnitude = bits[i] & magnitudeBits;
    nonZero += (magnitude + magnitudeBits) >>> 31;
    max = Math.max(max, magnitude);
  }
  return { l1, energy, max: fromBits(max), nonZero };
}

/** Multiplies all pairs of rows: see `Kernels.gram`. */
export function gram(rows: readonly Float32Array[]): Float64Array<ArrayBuffer> {
  const count = rows.length;
  const n = rows[0]?.length ?? 0;
  const out = new Float64Array(count * count);
  for (let begin = 0; begin < n; begin += chunk) {
    const end = Math.min(begin + chunk, n);
    for (let a = 0; a < count; a++) {
      for (let b = a; b < count; b++) out[a * count + b] += chunkDot(rows[a], rows[b], begin, end);
    }
  }
  for (let a = 0; a < count; a++) {
    for (let b = 0; b < a; b++) out[a * count + b] = out[b * count + a];
  }
  return out;
}

/** Counts magnitudes per bin: see `Kernels.histogram`. */
export function histogram(x: Float32Array, bins: number, max: number): Uint32Array<ArrayBuffer> {
  const counts = new Uint32Array(bins);
  const perUnit = Math.fround(bins / max);
  // With max = 0 a zero gives NaN, which | 0 makes bin 0, and anything else infinity, which is the last bin.
  for (let i = 0; i < x.length; i++) counts[Math.min(Math.fround(Math.abs(x[i]) * perUnit), bins - 1) | 0]++;
  return counts;
}

/** Counts opposed signs: see `Kernels.conflicts`. */
export function conflicts(a: Float32Array, b: Float32Array): ReturnType<Kernels["conflicts"]> {
  const as = bitsOf(a);
  const bs = bitsOf(b);
  let opposed = 0;
  let both = 0;
  for (let i = 0; i < as.length; i++) {
    const nonZero =
      (((as[i] & magnitudeBits) + magnitudeBits) & ((bs[i] & magnitudeBits) + magnitudeBits)) >>> 31;
    both += nonZero;
    opposed += nonZero & ((as[i] ^ bs[i]) >>> 31);
  }
  return { opposed, both };
}

/** Finds NaN and infinities: see `Kernels.nonFinite`. */
export function nonFinite(x: Float32Array): ReturnType<Kernels["nonFinite"]> {
  const bits = bitsOf(x);
  let first = -1;
  let count = 0;
  for (let i = 0; i < bits.length; i++) {
    if ((bits[i] & exponentBits) !== exponentBits) continue;
    if (count++ === 0) first = i;
  }
  return { first, count };
}

function chunkL1(x: Float32Array, begin: number, end: number): number {
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  const whole = end - ((end - begin) % 4);
  for (let i = begin; i < whole; i += 4) {
    s0 += Math.abs(x[i]);
    s1 += Math.abs(x[i + 1]);
    s2 += Math.abs(x[i + 2]);
    s3 += Math.abs(x[i + 3]);
  }
  if (whole < end) s0 += Math.abs(x[whole]);
  if (whole + 1 < end) s1 += Math.abs(x[whole + 1]);
  if (whole + 2 < end) s2 += Math.abs(x[whole + 2]);
  return s0 + s1 + (s2 + s3);
}

function chunkDot(a: Float32Array, b: Float32Array, begin: number, end: number): number {
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  const whole = end - ((end - begin) % 4);
  for (let i = begin; i < whole; i += 4) {
    s0 += a[i] * b[i];
    s1 += a[i + 1] * b[i + 1];
    s2 += a[i + 2] * b[i + 2];
    s3 += a[i + 3] * b[i + 3];
  }
  if (whole < end) s0 += a[whole] * b[whole];
  if (whole + 1 < end) s1 += a[whole + 1] * b[whole + 1];
  if (whole + 2 < end) s2 += a[whole + 2] * b[whole + 2];
  return s0 + s1 + (s2 + s3);
}
