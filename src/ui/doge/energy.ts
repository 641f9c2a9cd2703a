/** What the shared subspace holds of the experts' changes, in numbers for chart, table and sentence. */
import type { Pass } from "#app/slices/pass.ts";

export type Layer = NonNullable<Pass["layers"]>[number];

export interface EnergySummary {
  /** Of all layers and experts, 0…1; of the constrained layers only. */
  readonly median: number;
  /** Median of energy ÷ what a random subspace of that rank would hold. */
  readonly timesRandom: number;
  /** The layer that holds the largest mean share, and that share. */
  readonly most: { readonly name: string; readonly share: number } | undefined;
  /** Names of layers without a shared direction. */
  readonly free: readonly string[];
}

/** What a random subspace of the layer's rank holds of any change, 0…1. */
export function randomShare({ rank, rows }: Pick<Layer, "rank" | "rows">): number {
  return rows === 0 ? 0 : rank / rows;
}

/** @param layers with at least one expert each */
export function energySummary(layers: readonly Layer[]): EnergySummary {
  const bound = layers.filter(({ rank }) => rank > 0);
  const shares = bound.flatMap(({ energy }) => energy);
  const times = bound.flatMap((layer) => layer.energy.map((share) => share / randomShare(layer)));
  const means = bound.map(({ name, energy }) => ({
    name,
    share: energy.reduce((sum, share) => sum + share, 0) / Math.max(1, energy.length),
  }));
  return {
    median: median(shares),
    timesRandom: median(times),
    most: means.reduce<EnergySummary["most"]>(
      (best, one) => (best === undefined || one.share > best.share ? one : best),
      undefined,
    ),
    free: layers.filter(({ rank }) => rank === 0).map(({ name }) => name),
  };
}

/** The lower of the two middle values; 0 of none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[(sorted.length - 1) >> 1] ?? 0;
}
