/**
 * Matrices given as products of two thin factors: sums of LoRA updates, and their singular values, without ever forming
 * the matrix. Everything is f64 and row-major.
 */
import { jacobiSvd } from "./jacobi.ts";
import type { Svd } from "./linear-algebra.ts";

/** left · right; a rank of 0 is the zero matrix. */
export interface Product {
  /** rows × rank. */
  readonly left: Float64Array;
  /** rank × columns. */
  readonly right: Float64Array;
  readonly rows: number;
  readonly columns: number;
  /** Of the factors; the matrix's own may be lower. */
  readonly rank: number;
}

/** What orthogonalisation leaves of a column that depends on those before it, relative to the column. */
const DEPENDENT = 1e-10;

/** Returns Σ scales[k] · parts[k], exactly: left factors beside each other, right ones below. Parts are of one size, and at least one. */
export function sideBySide(parts: readonly Product[], scales: readonly number[]): Product {
  const [{ rows, columns }] = parts;
  const rank = parts.reduce((sum, part) => sum + part.rank, 0);
  const left = new Float64Array(rows * rank);
  const right = new Float64Array(rank * columns);
  let at = 0;
  parts.forEach((part, k) => {
    for (let i = 0; i < rows; i++)
      for (let c = 0; c < part.rank; c++) left[i * rank + at + c] = scales[k] * part.left[i * part.rank + c];
    right.set(part.right, at * columns);
    at += part.rank;
  });
  return { left, right, rows, columns, rank };
}

/** Decomposes a product; k ≤ min(rows, columns, rank). Costs (rows + columns) · rank² and not rows · columns. */
export function productSvd({ left, right, rows, columns, rank }: Product, k: number): Svd {
  const a = orthogonalised(
    Array.from({ length: rank }, (_, c) => Float64Array.from({ length: rows }, (_, i) => left[i * rank + c])),
  );
  const b = orthogonalised(
    Array.from({ length: rank }, (_, c) => right.slice(c * columns, (c + 1) * columns)),
  );
  const core = new Float64Array(rank * rank);
  for (let i = 0; i < rank; i++)
    for (let j = 0; j < rank; j++)
      for (let c = Math.max(i, j); c < rank; c++) core[i * rank + j] += a.r[i * rank + c] * b.r[j * rank + c];
  const { u, s, v } = jacobiSvd(core, rank, rank, k);
  return { u: combined(a.q, u, rows, k), s, v: combined(b.q, v, columns, k) };
}

/** Returns the product of the leading k triples, each singular value shared evenly by both factors. */
export function fromSvd({ u, s, v }: Svd, rows: number, columns: number, k: number): Product {
  const width = s.length;
  const left = new Float64Array(rows * k);
  const right = new Float64Array(k * columns);
  for (let c = 0; c < k; c++) {
    const root = Math.sqrt(s[c]);
    for (let i = 0; i < rows; i++) left[i * k + c] = root * u[i * width + c];
    for (let j = 0; j < columns; j++) right[c * columns + j] = root * v[j * width + c];
  }
  return { left, right, rows, columns, rank: k };
}

/** Σ of the squared entries, without forming the matrix. */
export function energyOf({ left, right, rows, columns, rank }: Product): number {
  let sum = 0;
  for (let p = 0; p < rank; p++) {
    for (let q = 0; q < rank; q++) {
      let a = 0;
      let b = 0;
      for (let i = 0; i < rows; i++) a += left[i * rank + p] * left[i * rank + q];
      for (let j = 0; j < columns; j++) b += right[p * columns + j] * right[q * columns + j];
      sum += a * b;
    }
  }
  return Math.max(0, sum);
}

/** Columns = q · r with orthonormal or zero columns of q, r upper triangular; modified Gram–Schmidt, done twice. Changes the columns. */
function orthogonalised(q: readonly Float64Array[]): { q: readonly Float64Array[]; r: Float64Array } {
  const n = q.length;
  const r = new Float64Array(n * n);
  for (let c = 0; c < n; c++) {
    const length = Math.sqrt(dot(q[c], q[c]));
    for (let pass = 0; pass < 2; pass++) {
      for (let p = 0; p < c; p++) {
        const along = dot(q[p], q[c]);
        r[p * n + c] += along;
        for (let i = 0; i < q[c].length; i++) q[c][i] -= along * q[p][i];
      }
    }
    const left = Math.sqrt(dot(q[c], q[c]));
    const isNew = left > DEPENDENT * length;
    if (isNew) r[c * n + c] = left;
    for (let i = 0; i < q[c].length; i++) q[c][i] = isNew ? q[c][i] / left : 0;
  }
  return { q, r };
}

/** The columns of q combined by w (columns of q × k): length × k. */
function combined(q: readonly Float64Array[], w: Float64Array, length: number, k: number): Float64Array {
  const out = new Float64Array(length * k);
  q.forEach((column, p) => {
    for (let i = 0; i < length; i++) for (let c = 0; c < k; c++) out[i * k + c] += column[i] * w[p * k + c];
  });
  return out;
}

function dot(x: Float64Array, y: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i] * y[i];
  return sum;
}
