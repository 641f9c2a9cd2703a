import { readdirSync, readFileSync } from "node:fs";
import type { ModelProto } from "onnx-buf";
import * as ort from "onnxruntime-web/wasm";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { parseOnnx } from "../formats/onnx.ts";
import { graphOf } from "../formats/onnx-message.ts";
import { checkedSpec, rawBytes } from "../formats/onnx-tensor.ts";
import { fed, runOnnx } from "../testing/run-onnx.ts";
import { gradientGraph } from "./gradient-graph.ts";
import { LOSS_INPUTS } from "./loss.ts";

const folder = new URL("./testing/exports/", import.meta.url);

const numbers = z.array(z.number());
/** What make.py writes: PyTorch's float64 results at the weights of the file. */
const Expected = z.object({
  x: z.object({ shape: numbers, values: numbers }),
  labels: numbers,
  weights: numbers,
  logits: numbers,
  losses: numbers,
  gradients: z.record(z.string(), numbers),
});

/** Sums of f32 in another order than PyTorch's f64, through some twenty layers, and six written digits. */
const TOLERANCE = { rtol: 2e-4, atol: 5e-6 };

const names = readdirSync(folder)
  .filter((name) => name.endsWith(".json"))
  .map((name) => name.replace(".json", ""));

describe("exports of PyTorch", () => {
  test.for(names)("%s has PyTorch's loss and gradients", async (name) => {
    const model = read(name);
    const expected = Expected.parse(JSON.parse(readFileSync(new URL(`${name}.json`, folder), "utf8")));
    const { shape, values } = expected.x;
    const wrt = Object.keys(expected.gradients);
    const graph = gradientGraph({
      model,
      inputs: { x: shape },
      logits: "logits",
      loss: "cross-entropy",
      wrt,
    });
    const isTokens = !wrt.includes("x");
    const results = await runOnnx(graph.bytes, {
      ...weightsOf(model),
      x: isTokens ? tokens(values, shape) : fed(shape, Float32Array.from(values)),
      [LOSS_INPUTS.labels]: tokens(expected.labels, [expected.labels.length]),
      [LOSS_INPUTS.weights]: fed([expected.weights.length], Float32Array.from(expected.weights)),
    });

    expect(results.get(graph.logits)?.data).toBeAllclose(expected.logits, TOLERANCE);
    expect(results.get(graph.losses)?.data).toBeAllclose(expected.losses, TOLERANCE);
    const total = expected.losses.reduce((sum, loss, i) => sum + loss * expected.weights[i], 0);
    expect(results.get(graph.loss)?.data).toBeAllclose([total], TOLERANCE);
    for (const [weight, gradient] of Object.entries(expected.gradients)) {
      const found = results.get(graph.gradients.get(weight) ?? "")?.data ?? [];
      expect(found, weight).toBeAllclose(gradient, TOLERANCE);
    }
  });

  test("an LSTM is refused by name", () => {
    const request = {
      model: read("lstm-17"),
      inputs: { x: [3, 4, 3] },
      logits: "logits",
      loss: "cross-entropy" as const,
      wrt: ["head.weight"],
    };
    expect(() => gradientGraph(request)).toThrow(/Node “\/lstm\/LSTM” \(LSTM\) is a recurrent layer/);
  });
});

function read(name: string): ModelProto {
  return parseOnnx(new Uint8Array(readFileSync(new URL(`${name}.onnx`, folder))), name);
}

/** Every float weight of the file, as an input. */
function weightsOf(model: ModelProto): Record<string, ort.Tensor> {
  const tensors = graphOf(model).initializer.map((tensor) => ({ tensor, spec: checkedSpec(tensor, "test") }));
  return Object.fromEntries(
    tensors
      .filter(({ spec }) => spec.dtype === "f32")
      .map(({ tensor, spec }) => {
        const values = new Float32Array(rawBytes(tensor, spec.dtype).slice().buffer);
        return [tensor.name, fed(spec.shape, values)];
      }),
  );
}

const tokens = (values: readonly number[], shape: readonly number[]) =>
  new ort.Tensor("int64", BigInt64Array.from(values, BigInt), [...shape]);
