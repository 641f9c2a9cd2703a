/** TSV-M: each task keeps its leading singular directions, and the directions of all tasks are made orthogonal. */
import { z } from "zod";
import { jacobiSvd } from "../linalg/jacobi.ts";
import type { Kernels } from "../tensor/kernels.ts";
import { asMatrix, type MatrixShape } from "./matrices.ts";
import { defineMethod } from "./method.ts";

const params = z.object({});

export const tsvM = defineMethod<z.infer<typeof params>>({
  id: "tsv-m",
  label: "TSV-M",
  summary:
    "Compresses each task vector to its leading singular directions and keeps tasks out of each other's.",
  formula: String.raw`\theta = \theta_0 + \lambda\,\hat U\,\Sigma\,\hat V^\top, \qquad \hat U = \arg\min_{Q^\top Q = I} \lVert Q - [U_1 \dots U_T] \rVert_F`,
  source: {
    paper: "arXiv:2412.00081",
    section: "4, algorithm 1",
    code: "github.com/AntoAndGar/task_singular_vectors",
    deviations: [
      "Matrices only (kernels of convolutions as matrices); other tensors take the experts' average, as in the official code.",
      "Where a matrix has fewer directions than tasks, each task keeps one.",
      "Experts have weights, which scale their singular values; the paper has none.",
    ],
  },
  edges: ["Matrices of a single row or column count as vectors."],
  space: "delta",
  output: "single",
  lambda: { default: 1, max: 2 },
  params,
  revision: 1,
  reshapes: true,

  merge({ tensor, rows, weights, out }, _params, _state, kernels) {
    const matrix = asMatrix(tensor.shape);
    if (matrix) orthogonalised(out[0], rows, weights, matrix, kernels);
    else
      kernels.weightedSum(
        out[0],
        rows,
        weights.map((weight) => weight / rows.length),
      );
  },
});

/** Fills out with Û Σ V̂ᵀ of the tasks' leading ⌊r / T⌋ directions. */
function orthogonalised(
  out: Float32Array,
  rows: readonly Float32Array[],
  weights: readonly number[],
  { rows: m, columns: n }: MatrixShape,
  kernels: Kernels,
): void {
  const each = Math.max(1, Math.floor(Math.min(m, n) / rows.length));
  const width = each * rows.length;
  const left = new Float64Array(m * width);
  const right = new Float64Array(n * width);
  const sigma = new Float64Array(width);
  rows.forEach((row, t) => {
    const { u, s, v } = kernels.svd(row, m, n, each);
    for (let c = 0; c < each; c++) {
      sigma[t * each + c] = weights[t] * s[c];
      for (let i = 0; i < m; i++) left[i * width + t * each + c] = u[i * each + c];
      for (let i = 0; i < n; i++) right[i * width + t * each + c] = v[i * each + c];
    }
  });
  const polarLeft = polar(left, m, width);
  const scaled = polarLeft.map((value, i) => value * sigma[i % width]);
  kernels.matmul(
    out,
    { data: scaled, rows: m, columns: width },
    { data: polar(right, n, width), rows: n, columns: width, transposed: true },
  );
}

/** The nearest matrix with orthonormal columns: U Vᵀ of the decomposition, without directions of no energy. */
function polar(x: Float64Array, rows: number, columns: number): Float32Array {
  const k = Math.min(rows, columns);
  const { u, s, v } = jacobiSvd(x, rows, columns, k);
  const out = new Float32Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      let sum = 0;
      for (let c = 0; c < k; c++) if (s[c] > s[0] * 1e-9) sum += u[i * k + c] * v[j * k + c];
      out[i * columns + j] = sum;
    }
  }
  return out;
}
