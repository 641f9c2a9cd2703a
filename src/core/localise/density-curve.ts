/** How much of an expert's gain over the base comes back when only a share of its changes is grafted in. */
import type { Context } from "../context.ts";
import type { Proportion } from "../eval/report.ts";
import { keptCount } from "../sparsifiers/keep.ts";
import type { LabelledData } from "../train/network.ts";
import { type Graftable, graftedAccuracy } from "./graft.ts";
import type { Localised } from "./localise.ts";
import { strongest } from "./logits.ts";
import { largest, type Mask, maskDensity, randomMask, sizeOfAll } from "./mask.ts";

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
  /** A trained mask; without one there is no trained curve. */
  readonly trained?: Pick<Localised, "logits" | "mask">;
  readonly data: LabelledData;
  /** Of the random masks. */
  readonly seed: number;
}

/** Densities that the curve is drawn at unless told otherwise, 0…1. */
export const CURVE_DENSITIES = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5] as const;

/**
 * Measures base, expert, and a grafted model for every kind of mask and density; masks of one kind are nested.
 *
 * The trained curve ends at the mask's own density, in place of the densities above: what lies beyond was not trained
 * to be chosen.
 */
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
  const wanted = wantedMasks(input, densities);
  const points: DensityPoint[] = [];
  for (const { kind, density, mask } of wanted) {
    const accuracy = await measure(mask());
    const point = { kind, density, accuracy, gain: gainOf(accuracy, none, all) };
    points.push(point);
    context.progress(points.length, wanted.length);
    onPoint(point);
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

interface WantedMask {
  readonly kind: MaskKind;
  readonly density: number;
  mask(): Mask;
}

function wantedMasks(
  { delta, trained, seed }: DensityCurveInput,
  densities: readonly number[],
): readonly WantedMask[] {
  const n = sizeOfAll(delta);
  const sizes = new Map([...delta].map(([name, { length }]) => [name, length]));
  const untrained = [
    ...ofKind("magnitude", densities, (density) => largest(delta, keptCount(density, n))),
    ...ofKind("random", densities, (density) => randomMask(sizes, keptCount(density, n), seed)),
  ];
  if (!trained) return untrained;
  const { logits, mask } = trained;
  const own = maskDensity(mask);
  const below = densities.filter((density) => density < own);
  return [
    ...ofKind("trained", below, (density) => strongest(logits, keptCount(density, n))),
    { kind: "trained", density: own, mask: () => mask },
    ...untrained,
  ];
}

function ofKind(
  kind: MaskKind,
  densities: readonly number[],
  maskAt: (density: number) => Mask,
): readonly WantedMask[] {
  return densities.map((density) => ({ kind, density, mask: () => maskAt(density) }));
}
