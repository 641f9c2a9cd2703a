/** Model Stock: how far to go from the base to the experts' average, by the angle between the task vectors. */
import { z } from "zod";
import { defineMethod } from "./method.ts";

const params = z.object({
  rows: z.boolean().default(false).meta({
    label: "Per row",
    help: "On: every row of a matrix has its own ratio (mergekit's filter_wise). Off: one ratio per tensor.",
    mergekit: "filter_wise",
  }),
  angle: z
    .enum(["cosine", "degrees"])
    .default("cosine")
    .meta({
      label: "Angle from",
      help: "Mean of the pairs' cosines, as in mergekit, or the cosine of their mean angle, as in FusionBench.",
      options: { cosine: "mean cosine", degrees: "mean angle" },
      advanced: true,
    }),
});

export const modelStock = defineMethod<z.infer<typeof params>>({
  id: "model-stock",
  label: "Model Stock",
  summary: "Goes from the base towards the average, further the more the experts agree in direction.",
  formula: String.raw`\theta = \theta_0 + t\,\tfrac1N\sum_i \tau_i, \qquad t = \frac{N\cos\varphi}{1 + (N-1)\cos\varphi}`,
  source: {
    paper: "arXiv:2403.19522",
    section: "4, eq. 5",
    code: "github.com/naver-ai/model-stock",
    deviations: [
      "A lone expert is taken whole; mergekit asks for two.",
      "A task vector of zero counts as orthogonal to all; a ratio outside 0…1 (task vectors that oppose each other) is set to its end.",
      "Experts have weights, which scale their share of the average only.",
    ],
  },
  edges: ["Of two experts of which one has not moved, the base stays: their angle counts as a right one."],
  space: "delta",
  output: "single",
  lambda: { default: 1, max: 2 },
  params,
  revision: 1,

  merge({ tensor, rows, weights, out }, { rows: perRow, angle }, _state, kernels) {
    const [to] = out;
    kernels.weightedSum(
      to,
      rows,
      weights.map((weight) => weight / rows.length),
    );
    if (rows.length === 1) return;
    const columns = perRow && tensor.shape.length > 1 ? to.length / tensor.shape[0] : to.length;
    for (let begin = 0; begin < to.length; begin += columns) {
      const parts = rows.map((row) => row.subarray(begin, begin + columns));
      const ratio = ratioOf(kernels.gram(parts), rows.length, angle);
      kernels.scale(to.subarray(begin, begin + columns), ratio);
    }
  },
});

/** t in 0…1 from the task vectors' Gram matrix (N × N). */
function ratioOf(gram: Float64Array, n: number, angle: "cosine" | "degrees"): number {
  let sum = 0;
  for (let a = 0; a < n; a++) {
    for (let b = a + 1; b < n; b++) {
      const lengths = Math.sqrt(gram[a * n + a] * gram[b * n + b]);
      const cosine = lengths === 0 ? 0 : Math.max(-1, Math.min(1, gram[a * n + b] / lengths));
      sum += angle === "cosine" ? cosine : Math.acos(cosine);
    }
  }
  const mean = sum / ((n * (n - 1)) / 2);
  const cosine = angle === "cosine" ? mean : Math.cos(mean);
  const ratio = (n * cosine) / (1 + (n - 1) * cosine);
  return Number.isFinite(ratio) ? Math.max(0, Math.min(1, ratio)) : 0;
}
