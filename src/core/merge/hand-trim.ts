import { z } from "zod";
import { keepLargest, keptCount } from "../sparsifiers/keep.ts";
import { defineSparsifier } from "../sparsifiers/sparsifier.ts";

/** What a density set by a rule does where no sparsifier is enabled: keeps the largest entries of its tensor. */
export const handTrim = defineSparsifier({
  id: "hand-trim",
  label: "Trim by hand",
  summary: "Keeps the largest entries of this tensor, as many as its density says.",
  formula: String.raw`k = \lfloor d \cdot n \rfloor`,
  source: { paper: "arXiv:2306.01708", section: "3, step 1", deviations: [] },
  params: z.object({}),
  revision: 1,

  apply(delta, { density = 1 }, _params, _state, kernels) {
    return { density, by: "rule", ...keepLargest(delta, keptCount(density, delta.length), kernels) };
  },
});
