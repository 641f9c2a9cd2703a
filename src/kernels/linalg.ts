/**
 * Leading singular vectors by the Gram matrix of the shorter side, and products of matrices.
 *
 * Squaring loses what is below about 1e-4 of the largest singular value, so small matrices, where every direction may
 * matter, go to core's Jacobi instead.
 */
import { jacobiLeft, jacobiSvd, type Orthogonalise, SWEEPS } from "#core/linalg/jacobi.ts";
import {
  type Factor,
  type LeftVectors,
  leftHalf,
  readAs,
  requireProduct,
  type Svd,
} from "#core/linalg/linear-algebra.ts";
import type { KernelModule } from "./module.ts";

/** Up to this length of the shorter side Jacobi is used. */
const SMALL_SIDE = 128;
/** Singular values below this share of the largest are what the rounding of the Gram matrix leaves of 0. */
const NOISE = 3e-4;
const GRAM_BLOCK = 256;
/** Bytes that `matmul` packs its factors into. */
export const PACKED_FACTORS = 384 * (64 + 8) * 4;

/** See `LinearAlgebra.matmul`. */
export function matmul(module: KernelModule, out: Float32Array, a: Factor, b: Factor): void {
  requireProduct(out, a, b);
  const { rows: m, columns: k } = readAs(a);
  const { columns: n } = readAs(b);
  const [aAt, bAt, outAt, room] = module.areas(
    a.data.length * 4,
    b.data.length * 4,
    out.length * 4,
    PACKED_FACTORS,
  );
  module.put(a.data, 0, a.data.length, aAt);
  module.put(b.data, 0, b.data.length, bAt);
  const [aRow, aColumn] = strides(a);
  const [bRow, bColumn] = strides(b);
  module.run.matmul(outAt, aAt, aRow, aColumn, bAt, bRow, bColumn, m, k, n, room);
  module.take(out, 0, out.length, outAt);
}

/** See `LinearAlgebra.svd`. */
export function svd(module: KernelModule, x: Float32Array, rows: number, columns: number, k: number): Svd {
  requireSides(x, rows, columns, k);
  if (Math.min(rows, columns) <= SMALL_SIDE) return jacobiSvd(x, rows, columns, k, orthogonalise(module));
  const isTall = rows >= columns;
  const { near, s } = nearSide(module, x, rows, columns, k, isTall);
  const far = otherSide(module, { data: x, rows, columns, transposed: !isTall }, near, s, k);
  return isTall ? { u: far, s, v: near } : { u: near, s, v: far };
}

/** See `LinearAlgebra.leftVectors`. */
export function leftVectors(
  module: KernelModule,
  x: Float32Array,
  rows: number,
  columns: number,
  k: number,
): LeftVectors {
  requireSides(x, rows, columns, k);
  if (Math.min(rows, columns) <= SMALL_SIDE) return jacobiLeft(x, rows, columns, k, orthogonalise(module));
  if (rows > columns) return svd(module, x, rows, columns, k);
  const { near: u, s } = nearSide(module, x, rows, columns, k, false);
  return leftHalf({ u, s });
}

/** Jacobi's rotations in the module's memory. */
function orthogonalise(module: KernelModule): Orthogonalise {
  return (columns, along) => {
    const n = columns.length;
    const m = columns[0].length;
    const [a, v, squares] = module.areas(n * m * 8, along.length * n * 8, n * 8);
    const lying = module.doubles(a, n * m);
    const alike = module.doubles(v, along.length * n);
    for (let j = 0; j < n; j++) lying.set(columns[j], j * m);
    for (let j = 0; j < along.length; j++) alike.set(along[j], j * n);
    module.run.orthogonalise(a, along.length > 0 ? v : 0, squares, m, n, SWEEPS);
    for (let j = 0; j < n; j++) columns[j].set(lying.subarray(j * m, (j + 1) * m));
    for (let j = 0; j < along.length; j++) along[j].set(alike.subarray(j * n, (j + 1) * n));
  };
}

/** Vectors (n × k) of the side whose Gram matrix is taken: of the columns when the matrix is taken as tall, else of the rows. */
function nearSide(
  module: KernelModule,
  x: Float32Array,
  rows: number,
  columns: number,
  k: number,
  isTall: boolean,
): { readonly near: Float64Array; readonly s: Float64Array } {
  const { values, vectors } = leading(module, x, rows, columns, k, isTall);
  const s = values.map((value) => Math.sqrt(Math.max(0, value)));
  for (let c = 0; c < k; c++) if (s[c] <= NOISE * s[0]) s[c] = 0;
  return { near: transposed(vectors, k, isTall ? columns : rows), s };
}

function requireSides(x: Float32Array, rows: number, columns: number, k: number): void {
  if (!Number.isInteger(k) || k < 1 || k > Math.min(rows, columns) || x.length !== rows * columns) {
    throw new Error(`svd: ${k} of ${rows} × ${columns}, ${x.length} values`);
  }
}

/** The leading k eigenpairs of XᵀX when taken as tall, else of XXᵀ; vectors are rows of n. */
function leading(
  module: KernelModule,
  x: Float32Array,
  rows: number,
  columns: number,
  k: number,
  isTall: boolean,
): { readonly values: Float64Array; readonly vectors: Float64Array } {
  const [m, n] = isTall ? [rows, columns] : [columns, rows];
  const [matrix, d, e, h, room, values, vectors, data, packed] = module.areas(
    n * n * 8,
    n * 8,
    n * 8,
    n * 8,
    5 * n * 8,
    k * 8,
    n * n * 8,
    x.length * 4,
    GRAM_BLOCK * (n + 8) * 4,
  );
  const { run } = module;
  module.put(x, 0, x.length, data);
  const [row, column] = isTall ? [columns * 4, 4] : [4, columns * 4];
  run.gram(matrix, data, row, column, m, n, packed);
  run.tridiagonalise(matrix, d, e, h, room, n);
  const diagonal = module.doubles(d, n).slice();
  const beside = module.doubles(e, n).slice();

  if (run.qlImplicit(d, e, 0, 0, n) !== 0) throw new Error("svd: the eigenvalues do not converge");
  const wanted = module.doubles(d, n).slice().sort().reverse().slice(0, k);
  module.doubles(d, n).set(diagonal);
  module.doubles(e, n).set(beside);
  module.doubles(values, k).set(wanted);
  const norm = rowSum(diagonal, beside);
  if (run.inverseIteration(d, e, values, vectors, k, norm, room, n) === k) {
    run.backTransform(matrix, h, vectors, k, n);
    return { values: wanted, vectors: module.doubles(vectors, k * n).slice() };
  }
  return allByQl(module, { matrix, d, e, h, vectors }, diagonal, beside, k);
}

/** All eigenvectors by QL, of which k are taken: the way out where eigenvalues cluster. */
function allByQl(
  module: KernelModule,
  at: {
    readonly matrix: number;
    readonly d: number;
    readonly e: number;
    readonly h: number;
    readonly vectors: number;
  },
  diagonal: Float64Array,
  beside: Float64Array,
  k: number,
): { readonly values: Float64Array; readonly vectors: Float64Array } {
  const n = diagonal.length;
  module.doubles(at.d, n).set(diagonal);
  module.doubles(at.e, n).set(beside);
  const z = module.doubles(at.vectors, n * n);
  z.fill(0);
  for (let i = 0; i < n; i++) z[i * n + i] = 1;
  if (module.run.qlImplicit(at.d, at.e, at.vectors, n, n) !== 0) {
    throw new Error("svd: the eigenvectors do not converge");
  }
  module.run.backTransform(at.matrix, at.h, at.vectors, n, n);
  const values = module.doubles(at.d, n);
  const order = [...values.keys()].sort((a, b) => values[b] - values[a] || a - b).slice(0, k);
  const vectors = new Float64Array(k * n);
  order.forEach((row, c) => {
    vectors.set(module.doubles(at.vectors + row * n * 8, n), c * n);
  });
  return { values: Float64Array.from(order, (row) => values[row]), vectors };
}

/** X · near / s, made orthonormal once more in f64: the vectors of the other side (m × k). */
function otherSide(
  module: KernelModule,
  x: Factor,
  near: Float64Array,
  s: Float64Array,
  k: number,
): Float64Array {
  const { rows: m, columns: n } = readAs(x);
  const product = new Float32Array(m * k);
  matmul(module, product, x, { data: Float32Array.from(near), rows: n, columns: k });
  const [at] = module.areas(k * m * 8);
  const far = module.doubles(at, k * m);
  for (let c = 0; c < k; c++)
    for (let i = 0; i < m; i++) far[c * m + i] = s[c] === 0 ? 0 : product[i * k + c];
  module.run.orthonormalise(at, k, m);
  return transposed(far, k, m);
}

function strides({ columns, transposed }: Factor): readonly [number, number] {
  return transposed ? [4, columns * 4] : [columns * 4, 4];
}

function transposed(rows: Float64Array, count: number, n: number): Float64Array {
  const out = new Float64Array(rows.length);
  for (let r = 0; r < count; r++) for (let i = 0; i < n; i++) out[i * count + r] = rows[r * n + i];
  return out;
}

function rowSum(diagonal: Float64Array, beside: Float64Array): number {
  let most = 0;
  for (let i = 0; i < diagonal.length; i++) {
    most = Math.max(most, Math.abs(diagonal[i]) + Math.abs(beside[i]) + Math.abs(beside[i + 1] ?? 0));
  }
  return most;
}
