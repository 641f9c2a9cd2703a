/** Sums over elements for training: f64, in chunks that are added in order. */

const CHUNK = 65_536;

/** Σ aᵢ · bᵢ. */
export function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let begin = 0; begin < a.length; begin += CHUNK) {
    const end = Math.min(begin + CHUNK, a.length);
    let part = 0;
    for (let i = begin; i < end; i++) part += a[i] * b[i];
    sum += part;
  }
  return sum;
}
