import { readFileSync } from "node:fs";
import { fromBinary } from "@bufbuild/protobuf";
import { ModelProtoSchema } from "onnx-buf";
import { describe, expect, test } from "vitest";
import { graphOf } from "../formats/onnx-message.ts";
import { sizeOf } from "../tensor/tensor.ts";
import { Skeleton } from "./skeleton.ts";

const bytes = new Uint8Array(
  readFileSync(new URL("../../../public/zoo/vision/skeleton.onnx", import.meta.url)),
);
const skeleton = new Skeleton(bytes, "skeleton.onnx", ["x", "W", "mu"]);

/** Every weight filled with its own number. */
function numbered(): Map<string, Float32Array> {
  return new Map(
    skeleton.weights.map(({ name, shape }, i) => [name, new Float32Array(sizeOf(shape)).fill(i + 1)]),
  );
}

describe("a skeleton", () => {
  test("takes weights as inputs, not copied", () => {
    const weights = numbered();
    const feeds = skeleton.feeds(weights);
    expect(Object.keys(feeds)).toHaveLength(53);
    expect(feeds["norm.weight"]).toMatchObject({ shape: [64] });
    expect(feeds["norm.weight"].data).toBe(weights.get("norm.weight"));
  });

  test("takes weights as constants: slices of one buffer that the graph points into", () => {
    const weights = numbered();
    const { graph, external } = skeleton.frozen(weights);
    const { input, initializer } = graphOf(fromBinary(ModelProtoSchema, graph));
    expect(input.map(({ name }) => name).sort()).toEqual(["W", "mu", "x"]);
    const pointers = initializer.find(({ name }) => name === "norm.weight")?.externalData;
    const { location, offset, length } = Object.fromEntries(
      (pointers ?? []).map(({ key, value }) => [key, value] as const),
    );
    expect(location).toBe(external?.location);
    const slice = new Float32Array(
      external!.bytes.slice(Number(offset), Number(offset) + Number(length)).buffer,
    );
    expect(slice).toEqual(weights.get("norm.weight"));
  });

  test("names the weight that is missing or has another size", () => {
    const weights = numbered();
    weights.set("norm.weight", new Float32Array(3));
    expect(() => skeleton.feeds(weights)).toThrow("norm.weight has 3 values, the graph wants 64");
    weights.delete("norm.weight");
    expect(() => skeleton.frozen(weights)).toThrow(expect.objectContaining({ code: "eval/graph" }));
  });

  test("is refused when an input that should be a weight has no fixed shape", () => {
    expect(() => new Skeleton(bytes, "s.onnx", ["x", "mu"])).toThrow("W is an input of s.onnx without");
  });
});
