/** Fisher: average weights, each in proportion to how much its expert's outputs feel it. */
import { z } from "zod";
import { defineMethod, type MergeInput } from "./method.ts";
import { shares } from "./shares.ts";

const params = z.object({
  normalize: z.boolean().default(true).meta({
    label: "Equal voices",
    help: "Divides each expert's information by its norm over the whole model, so that none speaks louder for having steeper outputs.",
  }),
  floor: z.int().min(-20).max(0).default(-6).meta({
    label: "Floor, power of ten",
    help: "Added to all information, so that entries which nobody feels are averaged. −6 adds 0.000001.",
    advanced: true,
  }),
});

/** Σ F² of each expert over the whole model, in row order. */
type Energies = readonly number[];

export const fisher = defineMethod<z.infer<typeof params>, Energies>({
  id: "fisher",
  label: "Fisher",
  summary: "Averages the experts, each weight in proportion to how much its expert's outputs depend on it.",
  formula: String.raw`\theta_j = \frac{\sum_t c_t\,(F_{t,j} + \epsilon)\,\theta_{t,j}}{\sum_t c_t\,(F_{t,j} + \epsilon)}, \qquad c_t = \frac{w_t}{\lVert F_t \rVert}`,
  source: {
    paper: "arXiv:2111.09832",
    section: "3",
    code: "github.com/mmatena/model_merging",
    deviations: [
      "Tensors without information for every expert are averaged.",
      "Floor and norms are those of FusionBench; the paper has a floor only.",
    ],
  },
  edges: [
    "Where nobody has information on an entry, the floor makes it the average.",
    "Weights that cancel to zero are not divided by their sum.",
  ],
  space: "weight",
  output: "single",
  lambda: "none",
  params,
  revision: 1,
  needs: () => "fisher",

  prepare: {
    reads: ["normalize"],
    needed: ({ normalize }) => normalize,
    async run(tensors, _params, kernels, context) {
      const energies: number[] = [];
      for await (const { evidence } of tensors) {
        context.signal.throwIfAborted();
        await context.breathe();
        evidence?.forEach((values, k) => {
          energies[k] = (energies[k] ?? 0) + (values ? kernels.norms(values).energy : 0);
        });
      }
      return energies;
    },
  },

  merge({ rows, weights, evidence = [], out }, { floor }, energies, kernels) {
    const information = evidence.filter((values) => values !== undefined);
    if (information.length < rows.length) {
      kernels.weightedSum(out[0], rows, shares(weights));
      return;
    }
    const norms = rows.map((_, k) => Math.sqrt(energies?.[k] ?? 1) || 1);
    // Only ratios count: relative to the smallest norm all factors stay near 1 and within f32.
    const smallest = Math.min(...norms);
    const factors = weights.map((weight, k) => Math.fround((weight * smallest) / norms[k]));
    average({ rows, out }, information, factors, Math.fround(10 ** floor));
  },
});

/** Shares first, then products: a lone expert comes back bit for bit. */
function average(
  { rows, out: [out] }: Pick<MergeInput, "rows" | "out">,
  information: readonly Float32Array[],
  factors: readonly number[],
  floor: number,
): void {
  const shareOf = new Float32Array(rows.length);
  for (let i = 0; i < out.length; i++) {
    let total = 0;
    for (let k = 0; k < rows.length; k++) {
      shareOf[k] = factors[k] * Math.fround(information[k][i] + floor);
      total = Math.fround(total + shareOf[k]);
    }
    let sum = 0;
    for (let k = 0; k < rows.length; k++) {
      sum = Math.fround(sum + Math.fround(Math.fround(shareOf[k] / (total || 1)) * rows[k][i]));
    }
    out[i] = sum;
  }
}
