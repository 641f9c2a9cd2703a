/** How strongly DOGE takes each expert's change of each layer. */
import type { Kernels } from "../tensor/kernels.ts";
import type { Matrix } from "./layers.ts";

export interface StrengthOptions {
  readonly eta: number;
  readonly scale: "median" | "absolute";
  readonly lambdas: "layer" | "task" | "uniform";
  /** "weights": the experts' weights are coefficients of the merge alone, so that λ goes without them. */
  readonly strengths: "optimised" | "weights";
}

/** λ of every expert at every matrix; 0 for a task vector of zero. */
export function lambdasOf(
  matrices: readonly Matrix[],
  { eta, scale, lambdas, strengths }: StrengthOptions,
  kernels: Kernels,
): readonly (readonly number[])[] {
  const energies = matrices.map(({ taus }) => taus.map((tau) => kernels.norms(tau).energy));
  const count = matrices[0]?.taus.length ?? 0;
  const whole = Array.from({ length: count }, (_, k) =>
    Math.sqrt(energies.reduce((sum, row) => sum + row[k], 0)),
  );
  const perLayer = energies.map((row) => row.map(Math.sqrt));
  const lengths = lambdas === "task" ? perLayer.map(() => whole) : perLayer;
  const unit = scale === "absolute" ? 1 : median(lambdas === "task" ? whole : perLayer.flat());
  return matrices.map(({ weights }, l) =>
    weights.map((own, k) => {
      const weight = strengths === "weights" ? 1 : own;
      if (lambdas === "uniform") return weight * eta;
      const length = lengths[l][k];
      return length === 0 ? 0 : (weight * eta * unit) / length;
    }),
  );
}

function median(values: readonly number[]): number {
  const sorted = values.filter((value) => value > 0).sort((a, b) => a - b);
  return sorted.length === 0 ? 0 : sorted[sorted.length >> 1];
}
