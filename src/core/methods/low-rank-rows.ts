/** Rows of a merge as products of thin factors: an adapter's own, or the leading singular directions. */
import { fromSvd, type Product } from "../linalg/product.ts";
import type { LowRank } from "../model/library.ts";
import type { Kernels } from "../tensor/kernels.ts";
import type { MatrixShape } from "./matrices.ts";
import type { PrepareInput } from "./method.ts";

/** Returns every row as the product that it exactly is; undefined when one is neither factors nor zero. */
export function exactProducts(
  { rows, factors }: PrepareInput,
  shape: MatrixShape,
  kernels: Pick<Kernels, "norms">,
): readonly Product[] | undefined {
  const products: Product[] = [];
  for (const [k, row] of rows.entries()) {
    const own = factors?.[k];
    if (!own && kernels.norms(row).nonZero > 0) return undefined;
    products.push(own ? productOf(own) : nothing(shape));
  }
  return products;
}

/** Returns the row's best product of at most this rank, and the share of its energy that it keeps. */
export function leadingProduct(
  row: Float32Array,
  shape: MatrixShape,
  rank: number,
  kernels: Pick<Kernels, "norms" | "svd">,
): { readonly product: Product; readonly energy: number } {
  const { rows, columns } = shape;
  const total = kernels.norms(row).energy;
  if (total === 0) return { product: nothing(shape), energy: 1 };
  const svd = kernels.svd(row, rows, columns, Math.min(rank, rows, columns));
  const live = liveDirections(svd.s);
  return { product: fromSvd(svd, rows, columns, live), energy: shareOf(svd.s, live, total) };
}

/** Singular values that are more than what rounding leaves of nothing. */
export function liveDirections(s: Float64Array): number {
  return s.reduce((count, value) => count + (value > s[0] * ROUNDING ? 1 : 0), 0);
}

/** Below this share of the largest, a singular value of weights in f32 is noise. */
const ROUNDING = 1e-6;

/** Share of the energy in the first k singular values, 0…1. */
export function shareOf(s: Float64Array, k: number, total: number): number {
  const kept = s.subarray(0, k).reduce((sum, value) => sum + value * value, 0);
  return total === 0 ? 1 : Math.min(1, kept / total);
}

/** An adapter's update in the layout of the weight, its scale in the left factor. */
export function productOf({ A, B, rank, rows, columns, scale, isTransposed }: LowRank): Product {
  const scaled = Float64Array.from(B, (value) => scale * value);
  if (!isTransposed) return { left: scaled, right: Float64Array.from(A), rows, columns, rank };
  const left = transposed(Float64Array.from(A), rank, columns, scale);
  return { left, right: transposed(Float64Array.from(B), rows, rank), rows: columns, columns: rows, rank };
}

/** The matrix (rows × columns) with its sides changed, times a factor. */
export function transposed(x: Float64Array, rows: number, columns: number, scale = 1): Float64Array {
  const out = new Float64Array(x.length);
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++) out[j * rows + i] = scale * x[i * columns + j];
  return out;
}

/** Fills out with the product. */
export function fillProduct(out: Float32Array, product: Product, kernels: Pick<Kernels, "matmul">): void {
  const { left, right, rows, columns, rank } = product;
  if (rank === 0) return void out.fill(0);
  kernels.matmul(
    out,
    { data: Float32Array.from(left), rows, columns: rank },
    { data: Float32Array.from(right), rows: rank, columns },
  );
}

function nothing({ rows, columns }: MatrixShape): Product {
  return { left: new Float64Array(0), right: new Float64Array(0), rows, columns, rank: 0 };
}
