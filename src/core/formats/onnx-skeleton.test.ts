import { readFileSync } from "node:fs";
import type { ModelProto } from "onnx-buf";
import { describe, expect, it } from "vitest";
import { encode } from "../tensor/dtype.ts";
import { sizeOf, type TensorSpec } from "../tensor/tensor.ts";
import { floatValue, node, onnxModel, smallNetwork, wave } from "../testing/onnx-graph.ts";
import { buffered, fed, joined, runOnnx } from "../testing/run-onnx.ts";
import { bytesSource } from "./format.ts";
import { encodeOnnx, type OnnxFile, openOnnx, parseOnnx } from "./onnx.ts";
import { type TaskHead, withTaskHeads } from "./onnx-heads.ts";
import { graphOf } from "./onnx-message.ts";
import { asExternal, asInputs, declarationOf, withWeights } from "./onnx-skeleton.ts";
import type { Weight } from "./onnx-tensor.ts";
import { onnxPieces } from "./onnx-write.ts";
import { layoutSafetensors } from "./safetensors-write.ts";

const open = (model: ModelProto) => openOnnx(bytesSource(encodeOnnx(model)), "m.onnx");

async function weightsOf(file: OnnxFile): Promise<Weight[]> {
  return Promise.all(
    [...file.tensors.values()].map(async (spec) => ({ spec, bytes: await file.bytes(spec.name) })),
  );
}

const x = fed([2, 1, 6, 6], wave(72, 20));
/** Constant folding (Conv with BatchNormalization) moves the last bits: measured 1e-7 relative. */
const close = { rtol: 1e-6, atol: 1e-6 };

describe("a graph without its weights computes what the whole graph computes", () => {
  it("fed at every run, as a slice of one buffer, and with the weights put back", async () => {
    const file = await open(smallNetwork());
    const weights = await weightsOf(file);
    const whole = (await runOnnx(encodeOnnx(smallNetwork()), { x })).get("logits")!;
    expect(whole.dims).toEqual([2, 3]);

    const feeds = Object.fromEntries(
      await Promise.all(
        [...file.tensors.values()].map(async ({ name, shape }) => [name, fed(shape, await file.load(name))]),
      ),
    );
    const inputs = encodeOnnx(asInputs(file.model, file.tensors.keys()));
    expect((await runOnnx(inputs, { ...feeds, x })).get("logits")!.data).toBeAllclose(whole.data, close);

    const { layout, data } = await buffered(weights);
    const external = encodeOnnx(asExternal(file.model, layout, "merged.safetensors"));
    const slices = [{ path: "merged.safetensors", data }];
    expect((await runOnnx(external, { x }, slices)).get("logits")!.data).toBeAllclose(whole.data, close);

    for (const skeleton of [
      file.model,
      asInputs(file.model, file.tensors.keys()),
      parseOnnx(encodeOnnx(asInputs(file.model, file.tensors.keys())), "s"),
    ]) {
      const full = await joined(withWeights(skeleton, weights));
      expect((await runOnnx(full, { x })).get("logits")!.data).toBeAllclose(whole.data, close);
    }
  });

  it("and other weights give what a graph with those weights gives", async () => {
    const file = await open(smallNetwork());
    const other = await weightsOf(await open(smallNetwork(5)));
    const expected = (await runOnnx(encodeOnnx(smallNetwork(5)), { x })).get("logits")!.data;
    const got = (await runOnnx(await joined(withWeights(file.model, other)), { x })).get("logits")!.data;
    expect(got).toBeAllclose(expected, close);
  });
});

describe("asInputs", () => {
  it("declares weights and leaves shape constants and scalars in the graph", async () => {
    const file = await open(smallNetwork());
    const graph = graphOf(asInputs(file.model, file.tensors.keys()));
    expect(graph.input.map(({ name }) => name)).toEqual(["x", ...file.tensors.keys()]);
    expect(graph.initializer.map(({ name }) => name)).toEqual(["flat", "gain"]);
    expect(declarationOf(graph.input[1])).toEqual({ dtype: "f32", shape: [4, 1, 3, 3] });
  });

  it("changes neither the model it is given nor one whose weights are inputs already", async () => {
    const file = await open(smallNetwork());
    const before = encodeOnnx(file.model);
    const once = asInputs(file.model, file.tensors.keys());
    expect(encodeOnnx(asInputs(once, file.tensors.keys()))).toEqual(encodeOnnx(once));
    expect(encodeOnnx(file.model)).toEqual(before);
  });

  it("refuses a weight that the graph does not know", async () => {
    const { model } = await open(smallNetwork());
    expect(() => asInputs(model, ["fc.wieght"])).toThrow(expect.objectContaining({ code: "eval/graph" }));
  });
});

describe("asExternal", () => {
  const layoutOf = (spec: TensorSpec) => layoutSafetensors([spec]);

  it("refuses another shape or dtype than the graph declares", async () => {
    const { model } = await open(smallNetwork());
    expect(() =>
      asExternal(model, layoutOf({ name: "fc.weight", dtype: "f32", shape: [64, 3] }), "w"),
    ).toThrow("[3, 64] in the graph and [64, 3]");
    expect(() =>
      asExternal(model, layoutOf({ name: "fc.weight", dtype: "f16", shape: [3, 64] }), "w"),
    ).toThrow("f32 in the graph and f16");
  });
});

describe("withWeights", () => {
  it("stores the dtype that the graph declares, whatever the weights come in", async () => {
    const { model } = await open(smallNetwork());
    const values = wave(192, 3);
    const spec: TensorSpec = { name: "fc.weight", dtype: "f16", shape: [3, 64] };
    const file = await open(withWeights(model, [{ spec, bytes: encode(values, "f16").bytes }]));
    expect(file.tensors.get("fc.weight")!.dtype).toBe("f32");
    expect(await file.load("fc.weight")).toBeAllclose(values, { rtol: 2 ** -11, atol: 2 ** -24 }); // one f16 rounding
  });

  it("adds metadata, and keeps names, documentation and unknown fields", async () => {
    const model = smallNetwork();
    model.graph!.initializer[0]!.docString = "first";
    model.$unknown = [{ no: 999, wireType: 0, data: Uint8Array.of(7) }];
    const file = await open(model);
    const written = withWeights(file.model, await weightsOf(file), new Map([["recipe", "r"]]));
    const back = parseOnnx(await joined(written), "m.onnx");
    expect((await open(written)).metadata).toEqual(new Map([["recipe", "r"]]));
    expect(back.$unknown).toEqual(model.$unknown);
    expect(graphOf(back).metadataProps.map(({ key, value }) => [key, value])).toEqual([["graph", "kept"]]);
    expect(graphOf(back).docString).toBe("small");
    expect(graphOf(back).initializer.map(({ name, docString }) => name + docString)).toEqual([
      "conv.weightfirst",
      ...graphOf(file.model)
        .initializer.slice(1)
        .map(({ name }) => name),
    ]);
  });

  it("writes large weights as they are, without copying them", () => {
    const bytes = encode(wave(4096, 1), "f32").bytes;
    const model = onnxModel({
      input: [floatValue("x", [4096]), floatValue("w", [4096])],
      output: [floatValue("y", [4096])],
      node: [node("Add", ["x", "w"], ["y"])],
    });
    const pieces = onnxPieces(
      withWeights(model, [{ spec: { name: "w", dtype: "f32", shape: [4096] }, bytes }]),
    );
    expect(pieces).toContain(bytes);
  });
});

describe("the skeleton of the vision zoo", () => {
  const skeleton = () =>
    parseOnnx(new Uint8Array(readFileSync("public/zoo/vision/skeleton.onnx")), "skeleton.onnx");
  const notTrunk = ["x", "W", "mu"];

  /** Random weights of the trunk, near a working network: norm weights about 1, the rest small. */
  function trunk(model: ModelProto): Weight[] {
    return graphOf(model)
      .input.filter(({ name }) => !notTrunk.includes(name))
      .map((input, i) => {
        const shape = declarationOf(input)!.shape.map(Number);
        const values = wave(sizeOf(shape), i).map(
          (value) => value / 8 + (/norm\d?\.weight/.test(input.name) ? 1 : 0),
        );
        return { spec: { name: input.name, dtype: "f32", shape }, bytes: encode(values, "f32").bytes };
      });
  }

  it("gives the same logits with weights fed, external and inside, and per task", async () => {
    const model = skeleton();
    const weights = trunk(model);
    const task = (name: string, classes: number, seed: number): TaskHead => ({
      task: name,
      weights: [
        {
          spec: { name: "W", dtype: "f32", shape: [classes, 64] },
          bytes: encode(wave(classes * 64, seed), "f32").bytes,
        },
        {
          spec: { name: "mu", dtype: "f32", shape: [64] },
          bytes: encode(
            wave(64, seed + 1).map((v) => v / 9),
            "f32",
          ).bytes,
        },
      ],
    });
    const heads = [task("digits", 10, 1), task("capitals", 26, 3)];
    const tensorOf = ({ spec, bytes }: Weight) => fed(spec.shape, new Float32Array(bytes.buffer));
    const feedsOf = (given: readonly Weight[]) =>
      Object.fromEntries(given.map((weight) => [weight.spec.name, tensorOf(weight)]));
    const images = fed([3, 1, 28, 28], wave(3 * 784, 4));

    const { layout, data } = await buffered(weights);
    const external = encodeOnnx(asExternal(model, layout, "trunk"));
    const inside = await joined(withWeights(model, weights));
    const exported = await joined(withWeights(withTaskHeads(model, heads), weights));
    const perTask = await runOnnx(exported, { x: images });
    for (const { task: name, weights: own } of heads) {
      const plain = await runOnnx(encodeOnnx(model), { x: images, ...feedsOf(weights), ...feedsOf(own) });
      const expected = plain.get("logits")!;
      expect(expected.dims).toEqual([3, own[0]!.spec.shape[0]]);
      const sliced = await runOnnx(external, { x: images, ...feedsOf(own) }, [{ path: "trunk", data }]);
      expect(sliced.get("logits")!.data).toBeAllclose(expected.data, { rtol: 1e-5, atol: 1e-5 }); // prepacked products
      const stored = await runOnnx(inside, { x: images, ...feedsOf(own) });
      expect(stored.get("logits")!.data).toBeAllclose(expected.data, { rtol: 1e-5, atol: 1e-5 });
      expect(perTask.get(`logits_${name}`)!.data).toBeAllclose(expected.data, { rtol: 1e-5, atol: 1e-5 });
    }
  });
});
