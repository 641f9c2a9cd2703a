import * as ort from "onnxruntime-web/wasm";
import { describe, expect, it } from "vitest";
import { floatValue, node, onnxModel, wave } from "../testing/onnx-graph.ts";
import { fed, runOnnx } from "../testing/run-onnx.ts";
import { gradientGraph } from "./gradient-graph.ts";
import { LOSS_INPUTS, type LossKind } from "./loss.ts";

const N = 3;
const C = 4;
const logits = wave(N * C, 2).map((value) => 3 * value);
const targets = wave(N * C, 5).map((value) => (value + 1) / 2);
const weights = Float32Array.of(0.5, 0, 1.5);
/** The second has no weight, and no class either: what pads a batch. */
const labels = [2, -1, 0];

/** The losses' definitions, on one row in f64. */
const definitions: Readonly<
  Record<LossKind, (z: readonly number[], label: number, t: readonly number[]) => number>
> = {
  "cross-entropy": (z, label) => -logSoftmax(z)[label],
  "log-probability": (z, label) => logSoftmax(z)[label],
  logit: (z, label) => z[label],
  entropy: (z) => -logSoftmax(z).reduce((sum, logp) => sum + Math.exp(logp) * logp, 0),
  "binary-cross-entropy": (z, _, t) =>
    -mean(z.map((zi, i) => t[i] * Math.log(sigmoid(zi)) + (1 - t[i]) * Math.log(1 - sigmoid(zi)))),
  "mean-squared-error": (z, _, t) => mean(z.map((zi, i) => (zi - t[i]) ** 2)),
};

const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));
function logSoftmax(z: readonly number[]): number[] {
  const log = Math.log(z.reduce((sum, value) => sum + Math.exp(value), 0));
  return z.map((value) => value - log);
}

const row = (values: ArrayLike<number>, n: number) => Array.from(values).slice(n * C, (n + 1) * C);

async function run(loss: LossKind, z = logits) {
  const model = onnxModel({ node: [node("Identity", ["z"], ["out"])], input: [floatValue("z", ["N", C])] });
  const graph = gradientGraph({ model, inputs: { z: [N, C] }, logits: "out", loss, wrt: ["z"] });
  const results = await runOnnx(graph.bytes, {
    z: fed([N, C], z),
    [LOSS_INPUTS.labels]: new ort.Tensor("int64", BigInt64Array.from(labels, BigInt), [N]),
    [LOSS_INPUTS.targets]: fed([N, C], targets),
    [LOSS_INPUTS.weights]: fed([N], weights),
  });
  const data = (name: string | undefined) => results.get(name ?? "")?.data ?? [];
  return {
    loss: data(graph.loss),
    losses: data(graph.losses),
    logits: data(graph.logits),
    gradient: data(graph.gradients.get("z")),
  };
}

const kinds: readonly LossKind[] = [
  "cross-entropy",
  "log-probability",
  "logit",
  "entropy",
  "binary-cross-entropy",
  "mean-squared-error",
];
const close = { rtol: 1e-5, atol: 1e-6 };

describe("losses", () => {
  it.each(kinds)("%s is what its definition says, weighted", async (kind) => {
    const { loss, losses, logits: out } = await run(kind);
    const expected = labels.map((label, n) => definitions[kind](row(logits, n), label, row(targets, n)));
    for (const n of [0, 2]) expect(losses[n]).toBeCloseTo(expected[n], 5);
    expect(loss).toBeAllclose([0.5 * expected[0] + 1.5 * expected[2]], close);
    expect(out).toBeAllclose(logits);
  });

  it("entropy of the logits of el2n is .614685 in the mean", async () => {
    const model = onnxModel({ node: [node("Identity", ["z"], ["out"])], input: [floatValue("z", ["N", 3])] });
    const graph = gradientGraph({
      model,
      inputs: { z: [3, 3] },
      logits: "out",
      loss: "entropy",
      wrt: ["z"],
    });
    const results = await runOnnx(graph.bytes, {
      z: fed([3, 3], Float32Array.of(2, 0, 0, 0, 0, 0, 0, 5, 0)),
      [LOSS_INPUTS.weights]: fed([3], new Float32Array(3).fill(1 / 3)),
    });
    expect(results.get(graph.loss)?.data[0]).toBeCloseTo(0.614685, 6);
  });

  it.each(kinds)("the derivative of %s agrees with differences, and is 0 without weight", async (kind) => {
    const { gradient } = await run(kind);
    const expected = labels.flatMap((label, n) =>
      row(logits, n).map((_, i) => {
        const at = (step: number) =>
          definitions[kind](
            row(logits, n).map((z, j) => (i === j ? z + step : z)),
            label,
            row(targets, n),
          );
        return weights[n] === 0 ? 0 : (weights[n] * (at(1e-5) - at(-1e-5))) / 2e-5;
      }),
    );
    expect(gradient).toBeAllclose(expected, close);
  });

  it.each(kinds)("%s stays finite far from 0", async (kind) => {
    const { loss, gradient } = await run(
      kind,
      logits.map((value) => 60 * value),
    );
    expect([...loss, ...gradient].every(Number.isFinite)).toBe(true);
  });
});
