import { expect, it } from "vitest";
import { webRunner } from "../../../cli/web-runner.ts";
import { noHeads } from "../eval/heads.ts";
import type { InputSpec } from "../eval/input.ts";
import { Skeleton } from "../eval/skeleton.ts";
import { encodeOnnx } from "../formats/onnx.ts";
import { smallNet, smallWeights } from "../testing/small-training.ts";
import { openGradients } from "./gradients.ts";
import { labelledData, networkOf } from "./zoo-network.ts";

it("a family's graph, head and examples are what gradients take", async () => {
  const input: InputSpec = { kind: "values", name: "x", shape: [4] };
  const skeleton = new Skeleton(encodeOnnx(smallNet.model), "skeleton.onnx", ["x"]);
  const head = { data: Float32Array.of(1), shape: [1] };
  const parts = { skeleton, heads: { ...noHeads, of: () => ({ W: head }) }, input, logits: "logits" };
  const network = networkOf(parts, { id: "letters", classes: ["a", "b", "c"] });
  expect(network).toMatchObject({
    weights: smallNet.weights,
    input: { name: "x", shape: [4] },
    classes: 3,
    constants: { W: head },
  });

  const values = Float32Array.from({ length: 12 }, (_, i) => i / 12);
  const data = labelledData(
    { count: 3, inputs: { kind: "values", values }, labels: Uint8Array.of(2, 1, 0) },
    input,
  );
  expect(data.rows([2, 0], 0)).toEqual(Float32Array.of(...values.subarray(8), ...values.subarray(0, 4)));
  const gradients = openGradients(webRunner, { ...network, constants: {} });
  const batch = { x: data.rows([0, 1, 2], 0), rows: 3, labels: data.labels };
  const { loss } = await gradients.evaluate(smallWeights(), batch, "cross-entropy");
  expect(loss).toBeGreaterThan(0);
  await gradients.close();
});
