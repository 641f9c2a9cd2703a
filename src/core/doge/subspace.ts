/**
 * The subspace that task vectors share: the leading left singular vectors of their leading left singular vectors.
 * Source: tanganke/fusion_bench, method/doge_ta/doge_ta.py.
 */
import type { Context } from "../context.ts";
import type { Kernels } from "../tensor/kernels.ts";

/**
 * Directions that the shared subspace of `experts` task vectors can have, whose shorter side is `side` long: 0 where
 * ⌊side / divisor⌋ or ⌊side / experts⌋ is.
 */
export function sharedRank(side: number, experts: number, divisor: number): number {
  return Math.min(Math.floor(side / divisor), Math.floor(side / experts) * experts);
}

/**
 * Returns orthonormal columns (rows × rank): ⌊r / T⌋ left singular vectors of each of the T task vectors side by
 * side, and of these the ⌊r / divisor⌋ leading left singular vectors, with r = min(rows, columns). Empty where
 * ⌊r / divisor⌋ or ⌊r / T⌋ is 0: then nothing is constrained. Breathes between decompositions, which take long.
 *
 * @throws the context's reason when cancelled
 */
export async function sharedBasis(
  taus: readonly Float32Array[],
  rows: number,
  columns: number,
  divisor: number,
  kernels: Kernels,
  { signal, breathe }: Pick<Context, "signal" | "breathe">,
): Promise<Float32Array<ArrayBuffer>> {
  const r = Math.min(rows, columns);
  const each = Math.floor(r / taus.length);
  const wanted = sharedRank(r, taus.length, divisor);
  if (wanted === 0) return new Float32Array(0);
  const width = each * taus.length;
  const side = kernels.alloc(rows * width);
  for (const [t, tau] of taus.entries()) {
    const { u } = kernels.leftVectors(tau, rows, columns, each);
    for (let i = 0; i < rows; i++) {
      for (let c = 0; c < each; c++) side[i * width + t * each + c] = u[i * each + c];
    }
    signal.throwIfAborted();
    await breathe();
  }
  const { u, s } = kernels.leftVectors(side, rows, width, Math.min(wanted, rows, width));
  const rank = s.indexOf(0);
  return firstColumns(u, rows, s.length, rank < 0 ? s.length : rank);
}

/** ‖Qᵀτ‖² / ‖τ‖²: the share of a task vector's energy inside the subspace, 0…1; 0 for a zero task vector. */
export function energyInside(
  basis: Float32Array,
  tau: Float32Array,
  rows: number,
  columns: number,
  kernels: Kernels,
): number {
  const rank = basis.length / rows;
  if (rank === 0) return 0;
  const coordinates = kernels.alloc(rank * columns);
  const q = { data: basis, rows, columns: rank, transposed: true };
  kernels.matmul(coordinates, q, { data: tau, rows, columns });
  const whole = kernels.norms(tau).energy;
  return whole === 0 ? 0 : kernels.norms(coordinates).energy / whole;
}

function firstColumns(
  u: Float64Array,
  rows: number,
  columns: number,
  count: number,
): Float32Array<ArrayBuffer> {
  const out = new Float32Array(rows * count);
  for (let i = 0; i < rows; i++) for (let c = 0; c < count; c++) out[i * count + c] = u[i * columns + c];
  return out;
}
