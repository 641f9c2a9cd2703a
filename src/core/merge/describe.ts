/** Statistics of unsparsified task vectors, tensor by tensor: norms, histograms, and how experts agree. */
import type { Context } from "../context.ts";
import type { ExpertId } from "../recipe/schema.ts";
import type { TensorStats } from "../summary.ts";
import { isFloat } from "../tensor/dtype.ts";
import type { Kernels } from "../tensor/kernels.ts";
import type { TensorSpec } from "../tensor/tensor.ts";
import { has, type Opened } from "./open.ts";
import { deltaKeyOf, type PlanContext } from "./plan.ts";
import type { Stages } from "./stages.ts";

/** Equal-width bins of the histogram of |τ| over [0, max]. */
const BINS = 48;

interface Tools extends Pick<PlanContext, "library" | "nameOf"> {
  readonly kernels: Kernels;
  readonly stages: Stages;
}

/** Statistics of every floating tensor of the base that at least one of the experts has; cached per tensor and checkpoints. */
export async function describeExperts(
  experts: Opened["enabled"],
  tools: Tools,
  context: Context,
): Promise<readonly TensorStats[]> {
  const { library, stages } = tools;
  const specs = [...library.base.tensors.values()].filter((spec) => isFloat(spec.dtype));
  const all: TensorStats[] = [];
  for (const spec of specs) {
    await context.breathe();
    context.progress(all.length, specs.length);
    const sites = experts
      .filter(({ checkpoint }) => has(checkpoint, spec))
      .map((expert) => ({ ...expert, tensor: spec, deltaKey: deltaKeyOf(expert.checkpoint, spec, tools) }));
    if (sites.length === 0) continue;
    const key = sites.map(({ id, deltaKey }) => `${id}=${deltaKey}`).join("|");
    let stats = stages.stats.get(key);
    if (!stats) {
      const deltas = [];
      for (const site of sites) deltas.push(await stages.delta(site));
      const base = await library.base.load(spec.name);
      stats = describeTensor(
        spec,
        sites.map(({ id }) => id),
        deltas,
        base,
        tools.kernels,
      );
      stages.stats.set(key, stats, 8 * (BINS + 4) * sites.length + 2 * key.length);
    }
    all.push(stats);
  }
  return all;
}

/** Statistics of one tensor. @param deltas K rows of n values */
export function describeTensor(
  { name }: TensorSpec,
  experts: readonly ExpertId[],
  deltas: readonly Float32Array[],
  base: Float32Array,
  kernels: Kernels,
): TensorStats {
  const baseNorm = Math.sqrt(kernels.norms(base).energy);
  const norms = deltas.map((delta) => kernels.norms(delta));
  const lengths = norms.map(({ energy }) => Math.sqrt(energy));
  const pairs = pairsOf(deltas.length);
  const gram = kernels.gram(deltas);
  const cosines = pairs.map(([a, b]) => {
    return ratio(gram[a * deltas.length + b], lengths[a] * lengths[b]);
  });
  const conflicts = pairs.map(([a, b]) => {
    const { opposed, both } = kernels.conflicts(deltas[a], deltas[b]);
    return ratio(opposed, both);
  });
  return {
    name,
    experts: experts.map((expert, k) => ({
      expert,
      norm: lengths[k],
      relative: ratio(lengths[k], baseNorm),
      histogram: [...kernels.histogram(deltas[k], BINS, norms[k].max)],
      max: norms[k].max,
    })),
    cosine: mean(cosines),
    conflict: mean(conflicts),
  };
}

function pairsOf(count: number): readonly (readonly [number, number])[] {
  const all = Array.from({ length: count }, (_, k) => k);
  return all.flatMap((a) => all.slice(a + 1).map((b) => [a, b] as const));
}

/** 0 where the ratio is no number. */
function ratio(part: number, whole: number): number {
  const quotient = part / whole;
  return Number.isFinite(quotient) ? quotient : 0;
}

/** 0 for no values. */
function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
