/** Iso-C: the summed task vector with all its singular values made equal. */
import { z } from "zod";
import { asMatrix } from "./matrices.ts";
import { defineMethod } from "./method.ts";

const params = z.object({});

export const isoC = defineMethod<z.infer<typeof params>>({
  id: "iso-c",
  label: "Iso-C",
  summary: "Adds the task vectors and gives every direction of the sum the same strength.",
  formula: String.raw`U \Sigma V^\top = \textstyle\sum_t w_t\,\tau_t, \qquad \theta = \theta_0 + \lambda\,\bar\sigma\,U V^\top`,
  source: {
    paper: "arXiv:2502.04959",
    section: "4.1",
    code: "github.com/danielm1405/iso-merging",
    deviations: [
      "Matrices only (kernels of convolutions as matrices); other tensors take the experts' average, as in the official code.",
      "Directions without energy stay without; the official code fills them with arbitrary ones.",
      "Experts have weights; the paper has none.",
    ],
  },
  edges: [
    "Matrices of a single row or column count as vectors; where the task vectors cancel, the base stays.",
  ],
  space: "delta",
  output: "single",
  lambda: { default: 1, max: 3 },
  params,
  revision: 1,
  reshapes: true,

  merge({ tensor, rows, weights, out }, _params, _state, kernels) {
    const [to] = out;
    const matrix = asMatrix(tensor.shape);
    kernels.weightedSum(to, rows, matrix ? weights : weights.map((weight) => weight / rows.length));
    if (!matrix || to.every((value) => value === 0)) return;
    const { rows: m, columns: n } = matrix;
    const r = Math.min(m, n);
    const { u, s, v } = kernels.svd(to, m, n, r);
    const mean = s.reduce((sum, value) => sum + value, 0) / r;
    const live = s.reduce((count, value) => count + (value > s[0] * 1e-6 ? 1 : 0), 0);
    const left = new Float32Array(m * r);
    for (let i = 0; i < m; i++) for (let c = 0; c < live; c++) left[i * r + c] = mean * u[i * r + c];
    kernels.matmul(
      to,
      { data: left, rows: m, columns: r },
      { data: Float32Array.from(v), rows: n, columns: r, transposed: true },
    );
  },
});
