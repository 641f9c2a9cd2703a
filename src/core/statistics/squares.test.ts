import { describe, expect, it } from "vitest";
import { quietContext } from "../context.ts";
import { CLASSES, cornerData, FEATURES, logistic, logisticWeights } from "../testing/logistic.ts";
import { fisherCost, fisherDiagonal, fisherSpec } from "./fisher.ts";
import { type SquareOptions, softmax, squaredGradients } from "./squares.ts";

const weights = logisticWeights(2);
const data = cornerData(6);
const wrt = ["fc1.weight", "fc1.bias"];
const input = { gradients: logistic, weights, wrt, data, examples: 6 };
const options: SquareOptions = { derivative: "log-probability", expectation: "exact", samples: 1, seed: 0 };

/** x (FEATURES) and p (CLASSES) of every example. */
async function examples() {
  const x = data.rows([0, 1, 2, 3, 4, 5], 0);
  const logits = await logistic.predict(weights, x, 6);
  return Array.from({ length: 6 }, (_, row) => ({
    x: x.subarray(row * FEATURES, (row + 1) * FEATURES),
    p: softmax(logits.subarray(row * CLASSES, (row + 1) * CLASSES)),
  }));
}

describe("squared gradients of single examples", () => {
  it("are Σ p(1 − p) x² for logistic regression when the expectation is exact", async () => {
    const sums = await squaredGradients(input, options, quietContext);
    const rows = await examples();
    for (let c = 0; c < CLASSES; c++) {
      const bias = rows.reduce((sum, { p }) => sum + p[c] * (1 - p[c]), 0);
      expect(sums.get("fc1.bias")?.[c]).toBeCloseTo(bias, 5);
      for (let f = 0; f < FEATURES; f++) {
        const weight = rows.reduce((sum, { p, x }) => sum + p[c] * (1 - p[c]) * x[f] ** 2, 0);
        expect(sums.get("fc1.weight")?.[c * FEATURES + f]).toBeCloseTo(weight, 5);
      }
    }
  });

  it("come to the same when many labels are drawn instead", async () => {
    const exact = await squaredGradients(input, options, quietContext);
    const sampled: SquareOptions = { ...options, expectation: "sampled", samples: 400 };
    const drawn = await squaredGradients(input, sampled, quietContext);
    // 2,400 draws: a standard error of some per cent.
    for (const name of wrt)
      expect(drawn.get(name) ?? []).toBeAllclose(exact.get(name) ?? [], { rtol: 0.15, atol: 0.02 });
  });

  it("are of the logit when that is asked for: Σ p x²", async () => {
    const sums = await squaredGradients(input, { ...options, derivative: "logit" }, quietContext);
    const rows = await examples();
    const expected = Array.from({ length: CLASSES }, (_, c) => rows.reduce((sum, { p }) => sum + p[c], 0));
    expect(sums.get("fc1.bias") ?? []).toBeAllclose(expected, { rtol: 1e-5 });
  });

  it("draw the same labels again, whatever the other examples", async () => {
    const sampled: SquareOptions = { ...options, expectation: "sampled", samples: 2, seed: 9 };
    const two = { ...input, examples: 2 };
    const one = await squaredGradients(two, sampled, quietContext);
    expect(await squaredGradients(two, sampled, quietContext)).toEqual(one);
    const more = await squaredGradients(input, sampled, quietContext);
    for (const [i, value] of (one.get("fc1.weight") ?? []).entries())
      expect(more.get("fc1.weight")?.[i]).toBeGreaterThanOrEqual(value);
  });
});

describe("Fisher information", () => {
  it("is the mean over examples of the squares, f32", async () => {
    const sums = await squaredGradients(input, options, quietContext);
    const fisher = await fisherDiagonal({ ...input }, fisherSpec.parse({ examples: 6 }), quietContext);
    expect(fisher.get("fc1.bias") ?? []).toBeAllclose(
      [...(sums.get("fc1.bias") ?? [])].map((sum) => sum / 6),
    );
  });

  it("squares batch sums of √p ∂ log p in FusionBench's form", async () => {
    const spec = fisherSpec.parse({ examples: 6, form: "batch-summed", batch: 3 });
    const fisher = await fisherDiagonal(input, spec, quietContext);
    const rows = await examples();
    const slope = ({ p }: (typeof rows)[number], c: number) =>
      Math.sqrt(p[c]) - p[c] * p.reduce((sum, share) => sum + Math.sqrt(share), 0);
    const expected = Array.from({ length: CLASSES }, (_, c) =>
      [rows.slice(0, 3), rows.slice(3)]
        .map((batch) => batch.reduce((sum, row) => sum + slope(row, c), 0))
        .reduce((sum, total) => sum + total ** 2 / 6, 0),
    );
    expect(fisher.get("fc1.bias") ?? []).toBeAllclose(expected, { rtol: 1e-4 });
  });

  it("says what it takes before it starts", () => {
    const sizes = { weights: 15, classes: 3, available: 1000 };
    expect(fisherCost(fisherSpec.parse({}), sizes)).toMatchObject({ gradientPasses: 768, rows: 1 });
    const batched = fisherSpec.parse({ form: "batch-summed" });
    expect(fisherCost(batched, sizes)).toMatchObject({ gradientPasses: 768, rows: 32 });
  });
});
