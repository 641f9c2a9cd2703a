/** MagMax: per entry, the expert that moved it furthest. */
import { z } from "zod";
import { bitsOf, magnitudeBits } from "../tensor/bits.ts";
import { defineMethod } from "./method.ts";
import { weightedRows } from "./shares.ts";

const params = z.object({});

export const magmax = defineMethod<z.infer<typeof params>>({
  id: "magmax",
  label: "MagMax",
  summary: "Takes each entry from the expert that moved it furthest from the base.",
  formula: String.raw`\theta_j = \theta_{0,j} + \lambda\,\tau_{t^*,j}, \qquad t^* = \arg\max_t |w_t\,\tau_{t,j}|`,
  source: {
    paper: "arXiv:2407.06322",
    section: "4.2",
    code: "github.com/danielm1405/magmax",
    deviations: [
      "Of equal magnitudes with opposite signs the positive one is taken, so that the order of experts does not matter.",
      "Experts have weights, which also decide who is furthest; the paper has none.",
    ],
  },
  space: "delta",
  output: "single",
  lambda: { default: 0.5, max: 2 },
  params,
  revision: 1,

  merge({ rows, weights, out }, _params, _state, kernels) {
    const products = weightedRows(rows, weights, kernels);
    const [to] = out;
    to.set(products[0]);
    const best = bitsOf(to);
    for (const product of products.slice(1)) {
      const bits = bitsOf(product);
      for (let i = 0; i < best.length; i++) {
        const own = bits[i] & magnitudeBits;
        const held = best[i] & magnitudeBits;
        if (own > held || (own === held && bits[i] >= 0)) best[i] = bits[i];
      }
    }
  },
});
