/** Product of matrices in plain TypeScript: see `LinearAlgebra.matmul`. */
import { type Factor, readAs, requireProduct } from "./linear-algebra.ts";

/** Fills out row by row: each row of b is added, in order, to the row of sums. */
export function matmul(out: Float32Array, a: Factor, b: Factor): void {
  requireProduct(out, a, b);
  const { rows: m, columns: k } = readAs(a);
  const { columns: n } = readAs(b);
  const aAt = (i: number, r: number) => a.data[a.transposed ? r * a.columns + i : i * a.columns + r];
  const packed = b.transposed ? transposed(b) : b.data;
  const sums = new Float32Array(n);
  for (let i = 0; i < m; i++) {
    sums.fill(0);
    for (let r = 0; r < k; r++) {
      const factor = aAt(i, r);
      const row = r * n;
      for (let j = 0; j < n; j++) sums[j] += Math.fround(factor * packed[row + j]);
    }
    out.set(sums, i * n);
  }
}

function transposed({ data, rows, columns }: Factor): Float32Array {
  const out = new Float32Array(data.length);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) out[j * rows + i] = data[i * columns + j];
  }
  return out;
}
