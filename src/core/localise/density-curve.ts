/** How much of an expert's gain over the base comes back when only a share of its changes is grafted in. */
import type { Context } from "../context.ts";
import type { Cost } from "../cost.ts";
import type { Proportion } from "../eval/report.ts";
import { keptCount } from "../sparsifiers/keep.ts";
import type { WeightValues } from "../train/gradients.ts";
import type { LabelledData } from "../train/network.ts";
import { type Graftable, graftedAccuracy } from "./graft.ts";
import { strongest } from "./logits.ts";
import { largest, type Mask, randomMask, sizeOfAll } from "./mask.ts";

export type MaskKind = "trained" | "magnitude" | "random";

export interface DensityPoint {
  readonly kind: MaskKind;
  /** Share of the included weights, 0…1, as asked for. */
  readonly density: number;
  readonly accuracy: Proportion;
  /** (accuracy − base) ÷ (expert − base); NaN where the expert is no better than the base. */
  readonly gain: number;
}

export interface DensityCurve {
  readonly base: Proportion;
  readonly expert: Proportion;
  readonly points: readonly DensityPoint[];
}

export interface DensityCurveInput extends Graftable {
  /** Logits of a trained mask; without them there is no trained curve. */
  readonly logits?: WeightValues;
  readonly data: LabelledData;
  /** Of the random masks. */
  readonly seed: number;
}

/** Densities that the curve is drawn at unless told otherwise, 0…1. */
export const CURVE_DENSITIES = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5] as const;

/** Tells what a curve takes. */
export function densityCurveCost(
  kinds: number,
  densities: number,
  sizes: { readonly included: number; readonly examples: number },
): Cost {
  return {
    examples: sizes.examples,
    passes: (kinds * densities + 2) * sizes.examples,
    gradientPasses: 0,
    rows: 0,
    bytes: sizes.included * 3 * Float32Array.BYTES_PER_ELEMENT,
  };
}

/** Measures base, expert, and a grafted model for every kind of mask and density; masks of one kind are nested. */
export async function densityCurve(
  input: DensityCurveInput,
  densities: readonly number[],
  context: Context,
  onPoint: (point: DensityPoint) => void = () => {},
): Promise<DensityCurve> {
  const { delta, data } = input;
  const n = sizeOfAll(delta);
  const measure = (mask: Mask) => graftedAccuracy(input, mask, data, context);
  const none = await measure(new Map());
  const all = await measure(largest(delta, n));
  const kinds = kindsOf(input);
  const points: DensityPoint[] = [];
  for (const [kind, maskAt] of kinds) {
    for (const density of densities) {
      const accuracy = await measure(maskAt(keptCount(density, n)));
      const point = { kind, density, accuracy, gain: gainOf(accuracy, none, all) };
      points.push(point);
      context.progress(points.length, kinds.length * densities.length);
      onPoint(point);
    }
  }
  return { base: none, expert: all, points };
}

/** The share of the gain from base to expert that an accuracy recovers; NaN where there is no gain. */
export function gainOf(accuracy: Proportion, base: Proportion, expert: Proportion): number {
  const gain = share(expert) - share(base);
  return gain > 0 ? (share(accuracy) - share(base)) / gain : Number.NaN;
}

function share({ k, n }: Proportion): number {
  return k / n;
}

function kindsOf({ delta, logits, seed }: DensityCurveInput): readonly [MaskKind, (k: number) => Mask][] {
  const sizes = new Map([...delta].map(([name, { length }]) => [name, length]));
  const untrained: [MaskKind, (k: number) => Mask][] = [
    ["magnitude", (k) => largest(delta, k)],
    ["random", (k) => randomMask(sizes, k, seed)],
  ];
  return logits ? [["trained", (k) => strongest(logits, k)], ...untrained] : untrained;
}
