/** SLERP: from expert to expert along the arc between them, not along the chord. */
import { z } from "zod";
import type { Kernels } from "../tensor/kernels.ts";
import { asMatrix, type MatrixShape } from "./matrices.ts";
import { defineMethod } from "./method.ts";

const params = z.object({
  of: z
    .enum(["weights", "deltas"])
    .default("weights")
    .meta({
      label: "Arc between",
      help: "The experts' weights (SLERP), or their task vectors (NuSLERP with a base, as in mergekit).",
      options: { weights: "the weights", deltas: "the task vectors" },
    }),
  along: z
    .enum(["tensor", "rows", "columns"])
    .default("tensor")
    .meta({
      label: "One arc for",
      help: "The whole tensor as one vector, or every row or column of a matrix along an arc of its own (mergekit's nuslerp_flatten and nuslerp_row_wise: the latter takes what stands in a column here).",
      options: { tensor: "the whole tensor", rows: "each row", columns: "each column" },
      advanced: true,
    }),
});

/** Directions nearer than this cosine are joined by a straight line. */
const STRAIGHT = 0.9995;

export const slerp = defineMethod<z.infer<typeof params>>({
  id: "slerp",
  label: "SLERP",
  summary: "Goes from one expert to the other along the arc between them, so that the length is kept.",
  formula: String.raw`\theta = \frac{\sin((1-t)\,\Omega)}{\sin\Omega}\,\theta_1 + \frac{\sin(t\,\Omega)}{\sin\Omega}\,\theta_2, \qquad t = \frac{w_2}{w_1 + w_2}`,
  source: {
    paper: "doi:10.1145/325334.325242",
    code: "github.com/arcee-ai/mergekit",
    deviations: [
      "Made for two experts. Of more, each is joined in turn to what the ones before it gave, by its share of their weights: then the order matters.",
      "t is the second expert's share of the weights, as in mergekit's nuslerp; its slerp takes t itself.",
      "Directions that are nearly the same, opposite or zero have no one arc: they are joined by a straight line.",
      "Rows and columns are those of a matrix (kernels of convolutions as matrices); a vector is one row, and one column.",
    ],
  },
  edges: ["Where two weights cancel, t is one half."],
  space: "weight",
  output: "single",
  lambda: "none",
  params,
  revision: 2,
  ordered: true,

  merge({ tensor, rows, weights, out, base }, { of, along }, _state, kernels) {
    const [to] = out;
    if (rows.length === 1) {
      to.set(rows[0]);
      return;
    }
    const matrix = along === "tensor" ? undefined : asMatrix(tensor.shape);
    const turn = (values: Float32Array, from: MatrixShape) =>
      along === "columns" ? transposed(values, from, kernels) : values;
    const ends = rows.map((row) => {
      const end = of === "weights" ? row : less(row, base, kernels);
      return matrix ? turn(end, matrix) : end;
    });
    const length = !matrix ? to.length : along === "rows" ? matrix.columns : matrix.rows;
    const joined = kernels.alloc(to.length);
    joinInto(joined, ends, weights, length, kernels);
    to.set(matrix ? turn(joined, { rows: matrix.columns, columns: matrix.rows }) : joined);
    if (of === "deltas") kernels.axpy(to, base, to, 1);
  },
});

/** Fills `to` with the ends joined in turn, every `length` entries along their own arc. */
function joinInto(
  to: Float32Array,
  ends: readonly Float32Array[],
  weights: readonly number[],
  length: number,
  kernels: Kernels,
): void {
  to.set(ends[0]);
  let total = weights[0];
  for (let k = 1; k < ends.length; k++) {
    total += weights[k];
    const t = Math.abs(total) < 1e-8 ? 0.5 : weights[k] / total;
    for (let begin = 0; begin < to.length; begin += length) {
      const part = to.subarray(begin, begin + length);
      const parts = [part, ends[k].subarray(begin, begin + length)];
      kernels.weightedSum(part, parts, arc(kernels.gram(parts), t));
    }
  }
}

function transposed(values: Float32Array, { rows, columns }: MatrixShape, kernels: Kernels): Float32Array {
  const out = kernels.alloc(values.length);
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++) out[j * rows + i] = values[i * columns + j];
  return out;
}

function less(row: Float32Array, base: Float32Array, kernels: Kernels): Float32Array {
  const delta = kernels.alloc(row.length);
  kernels.delta(delta, row, base);
  return delta;
}

/** The two ends' factors at t, from their Gram matrix (2 × 2). */
function arc(gram: Float64Array, t: number): readonly [number, number] {
  const lengths = Math.sqrt(gram[0] * gram[3]);
  const cosine = lengths === 0 ? 1 : Math.max(-1, Math.min(1, gram[1] / lengths));
  if (Math.abs(cosine) > STRAIGHT) return [1 - t, t];
  const angle = Math.acos(cosine);
  const sine = Math.sin(angle);
  return [Math.sin((1 - t) * angle) / sine, Math.sin(t * angle) / sine];
}
