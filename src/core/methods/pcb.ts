/** PCB: entries compete within and between tasks, and only the winners are averaged. */
import { z } from "zod";
import type { Kernels } from "../tensor/kernels.ts";
import { defineMethod, type PrepareInput } from "./method.ts";
import { weightedRows } from "./shares.ts";

const params = z.object({
  ratio: z.number().min(0.001).max(1).default(0.1).meta({
    label: "Winners",
    help: "Share of each task's entries, over the whole model, that take part in the average.",
    step: 0.01,
  }),
});

/** Share of the entries at either end whose magnitudes are cut to what comes next. */
const TAIL = 1e-4;

/** Per expert: bounds of the clamped magnitudes, and what scores count from and up to. */
interface Bounds {
  readonly low: number;
  readonly high: number;
  readonly from: number;
  readonly to: number;
}

export const pcb = defineMethod<z.infer<typeof params>, readonly Bounds[]>({
  id: "pcb",
  label: "PCB",
  summary:
    "Scores each entry by its size within its task and its agreement with the others, and averages the best.",
  formula: String.raw`\beta_t = e^{T\,\operatorname{norm}(|\tau_t|)^2}\,\tanh\!\big(\tau_t \odot \textstyle\sum_i \tau_i\big), \qquad \theta = \theta_0 + \lambda\,\frac{\sum_t \hat\beta_t \odot \tau_t}{\sum_t \hat\beta_t}`,
  source: {
    paper: "arXiv:2410.02396",
    section: "3",
    code: "github.com/duguodong7/pcb-merging",
    deviations: [
      "All scores of the model are held in memory at once, to find the winners.",
      "Experts have weights, which scale their task vectors; the paper searches one λ per task on validation.",
    ],
  },
  edges: ["An expert whose scores are all alike, such as one that changed nothing, adds nothing."],
  space: "delta",
  output: "single",
  lambda: { default: 1.2, max: 2 },
  params,
  revision: 1,
  reshapes: true,
  holdsAll: true,

  prepare: {
    reads: ["ratio"],
    needed: () => true,
    async run(tensors, { ratio }, kernels, context) {
      const inputs: (readonly Float32Array[])[] = [];
      for await (const input of tensors) {
        context.signal.throwIfAborted();
        await context.breathe();
        inputs.push(products(input, kernels));
      }
      const count = inputs[0]?.length ?? 0;
      const bounds: Bounds[] = [];
      for (let k = 0; k < count; k++) {
        context.signal.throwIfAborted();
        await context.breathe();
        const tails = tailsOf(
          inputs.map((rows) => rows[k]),
          kernels,
        );
        const scores = inputs.map((rows) => scoresOf(rows, k, tails, kernels));
        bounds.push({ ...tails, ...winnersOf(scores, ratio, kernels) });
      }
      return bounds;
    },
  },

  merge(input, _params, bounds, kernels) {
    const rows = products(input, kernels);
    const n = rows[0].length;
    const sum = new Float64Array(n);
    const mass = new Float64Array(n);
    rows.forEach((row, k) => {
      const own = bounds?.[k];
      if (!own || own.to <= own.from) return;
      const scores = scoresOf(rows, k, own, kernels);
      for (let i = 0; i < n; i++) {
        const score = (Math.min(Math.max(scores[i], own.from), own.to) - own.from) / (own.to - own.from);
        sum[i] += score * Math.sign(row[i]) * clamped(row[i], own);
        mass[i] += score;
      }
    });
    const [to] = input.out;
    for (let i = 0; i < n; i++) to[i] = sum[i] / Math.max(mass[i], 1e-12);
  },
});

function products({ rows, weights }: Pick<PrepareInput, "rows" | "weights">, kernels: Kernels) {
  return weightedRows(rows, weights, kernels);
}

function clamped(value: number, { low, high }: Pick<Bounds, "low" | "high">): number {
  return Math.min(Math.max(Math.abs(value), low), high);
}

/** The magnitudes at ⌊d · tail⌋ and ⌊d · (1 − tail) − 1⌋ of the whole task vector, ascending: the official code's places. */
function tailsOf(parts: readonly Float32Array[], kernels: Kernels): Pick<Bounds, "low" | "high"> {
  const d = parts.reduce((sum, part) => sum + part.length, 0);
  if (d === 0) return { low: 0, high: 0 };
  const at = (place: number) =>
    kernels.selectPool(parts, d - Math.max(0, Math.min(d - 1, place)))[0].threshold;
  return { low: at(Math.trunc(d * TAIL)), high: at(Math.trunc(d * (1 - TAIL) - 1)) };
}

/** β of expert k on one tensor. */
function scoresOf(
  rows: readonly Float32Array[],
  k: number,
  tails: Pick<Bounds, "low" | "high">,
  kernels: Kernels,
): Float32Array {
  const own = rows[k];
  const scores = kernels.alloc(own.length);
  kernels.weightedSum(
    scores,
    rows,
    rows.map(() => 1),
  );
  const range = tails.high - tails.low;
  for (let i = 0; i < scores.length; i++) {
    const size = range > 0 ? (clamped(own[i], tails) - tails.low) / range : 0;
    scores[i] = Math.exp(rows.length * size * size) * Math.tanh(own[i] * scores[i]);
  }
  return scores;
}

/** What the scores of one task are normalised from (the ratio's place) and to (the largest). */
function winnersOf(
  scores: readonly Float32Array[],
  ratio: number,
  kernels: Kernels,
): Pick<Bounds, "from" | "to"> {
  const d = scores.reduce((sum, part) => sum + part.length, 0);
  const wanted = d - Math.min(d - 1, Math.trunc(d * (1 - ratio)));
  const positive = signed(scores, 1);
  const to = Math.max(0, ...positive.map((part) => kernels.norms(part).max));
  const above = positive.reduce((sum, part) => sum + kernels.norms(part).nonZero, 0);
  if (wanted <= above) return { from: kernels.selectPool(positive, wanted)[0].threshold, to };
  const negative = signed(scores, -1);
  const below = negative.reduce((sum, part) => sum + kernels.norms(part).nonZero, 0);
  // The wanted place counts from the largest score; among the negative ones the smallest magnitude comes first.
  const from = wanted <= d - below ? 0 : -kernels.selectPool(negative, d - wanted + 1)[0].threshold;
  return { from, to };
}

/** The scores of one sign, the others 0. */
function signed(scores: readonly Float32Array[], sign: 1 | -1): readonly Float32Array[] {
  return scores.map((part) => part.map((value) => (value * sign > 0 ? value : 0)));
}
