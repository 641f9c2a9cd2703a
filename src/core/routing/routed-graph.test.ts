import fc from "fast-check";
import type { ModelProto } from "onnx-buf";
import { describe, expect, it } from "vitest";
import { encodeOnnx } from "../formats/onnx.ts";
import { arrow } from "../methods/arrow.ts";
import type { Routes } from "../methods/method.ts";
import type { LinearUse, LowRank } from "../model/library.ts";
import { twin } from "../tensor/twin.ts";
import { floatValue, node, onnxModel, wave } from "../testing/onnx-graph.ts";
import { fed, runOnnx } from "../testing/run-onnx.ts";
import { linearLayers } from "./linear-layers.ts";
import { routedGraph } from "./routed-graph.ts";
import { routedInputs } from "./sites.ts";

/** One linear layer without a bias, of an input of any leading sizes; W is stored as the use says. */
function layerGraph(use: LinearUse, inputs: number, outputs: number, lead: readonly string[]): ModelProto {
  const isTurned = use === "outputs-first";
  const isGemm = isTurned && lead.length === 1;
  return onnxModel({
    input: [
      floatValue("x", [...lead, inputs]),
      floatValue("w", isTurned ? [outputs, inputs] : [inputs, outputs]),
    ],
    output: [floatValue("y", [...lead, outputs])],
    node: isGemm
      ? [Object.assign(node("Gemm", ["x", "w"], ["y"], { transB: 1 }), { name: "y" })]
      : isTurned
        ? [node("Transpose", ["w"], ["wT"], { perm: [1, 0] }), node("MatMul", ["x", "wT"], ["y"])]
        : [node("MatMul", ["x", "w"], ["y"])],
  });
}

interface Expert {
  /** rank × in. */
  readonly A: readonly (readonly number[])[];
  /** out × rank. */
  readonly B: readonly (readonly number[])[];
}

/** The update of an expert as a checkpoint gives it. */
function factorsOf({ A, B }: Expert, use: LinearUse): LowRank {
  const [rank, rows, columns] = [A.length, B.length, A[0].length];
  return {
    A: Float32Array.from(A.flat()),
    B: Float32Array.from(B.flat()),
    rank,
    rows,
    columns,
    scale: 1,
    isTransposed: use === "inputs-first",
  };
}

function routesOf(experts: readonly Expert[], use: LinearUse, given: object): Routes {
  const [outputs, inputs] = [experts[0].B.length, experts[0].A[0].length];
  const shape = use === "outputs-first" ? [outputs, inputs] : [inputs, outputs];
  const n = inputs * outputs;
  const routes = arrow.route?.(
    {
      tensor: { name: "w", dtype: "f32", shape },
      // What an update does is in its factors; the row only has to be an update.
      rows: experts.map(() => new Float32Array(n).fill(1)),
      weights: experts.map(() => 1),
      base: new Float32Array(n),
      factors: experts.map((expert) => factorsOf(expert, use)),
      layer: use,
    },
    arrow.params.parse(given),
    twin,
  );
  if (!routes) throw new Error("no routes");
  return routes;
}

/** Runs x through the routed layer over a base of zeros. */
async function run(model: ModelProto, routes: Routes, x: Float32Array, xShape: readonly number[]) {
  const { ranks } = routes.note;
  const layer = linearLayers(model).get("w");
  if (!layer) throw new Error("no layer");
  const given = routedInputs({ name: "w", ranks }, layer.inputs, layer.outputs);
  const w = new Float32Array(layer.inputs * layer.outputs);
  const isTurned = layer.use === "outputs-first";
  const feeds = {
    x: fed(xShape, x),
    w: fed(isTurned ? [layer.outputs, layer.inputs] : [layer.inputs, layer.outputs], w),
    [given.down.name]: fed(given.down.shape, routes.down),
    [given.up.name]: fed(given.up.shape, routes.up),
    [given.prototypes.name]: fed(given.prototypes.shape, routes.prototypes),
    [given.topK.name]: fed([1], Float32Array.of(routes.topK)),
    [given.temperature.name]: fed([1], Float32Array.of(routes.temperature)),
  };
  const outputs = await runOnnx(encodeOnnx(routedGraph(model, [{ name: "w", ranks }])), feeds);
  return outputs.get("y")!.data;
}

/** The same for one vector of inputs, in plain arithmetic; prototypes are in × K. */
function plainly(experts: readonly Expert[], routes: Routes, x: readonly number[]): number[] {
  const logits = experts.map((_, k) =>
    Math.abs(x.reduce((sum, value, i) => sum + value * routes.prototypes[i * experts.length + k], 0)),
  );
  const order = logits.map((_, k) => k).sort((a, b) => logits[b] - logits[a] || a - b);
  const chosen = order.slice(0, routes.topK);
  const powers = chosen.map((k) => Math.exp((logits[k] - logits[order[0]]) / routes.temperature));
  const total = powers.reduce((sum, power) => sum + power, 0);
  const y = experts[0].B.map(() => 0);
  chosen.forEach((k, rank) => {
    const { A, B } = experts[k];
    const hidden = A.map((row) => row.reduce((sum, value, i) => sum + value * x[i], 0));
    B.forEach((row, o) => {
      y[o] += (powers[rank] / total) * row.reduce((sum, value, r) => sum + value * hidden[r], 0);
    });
  });
  return y;
}

const example: readonly Expert[] = [
  { A: [[1, 0, 0]], B: [[2], [0]] },
  { A: [[0, 1, 0]], B: [[0], [1]] },
  { A: [[0, 1, 1]], B: [[1], [1]] },
];

describe("a routed layer", () => {
  it("gives the worked example: the best two of three at temperature 1", async () => {
    const routes = routesOf(example, "outputs-first", { topK: 2 });
    const y = await run(
      layerGraph("outputs-first", 3, 2, ["N"]),
      routes,
      Float32Array.of(3, 1, 0, 0, 1, -2),
      [2, 3],
    );
    expect(y).toBeAllclose([5.284782, 0.119203, -0.427296, 0.145409], { rtol: 0, atol: 1e-5 });
  });

  it("goes to the lower expert where two listen equally", async () => {
    const twins = [example[1], { A: [[0, 1, 0]], B: [[5], [7]] }, example[0]];
    const routes = routesOf(twins, "outputs-first", { topK: 1 });
    const y = await run(layerGraph("outputs-first", 3, 2, ["N"]), routes, Float32Array.of(0, 2, 0), [1, 3]);
    expect(y).toBeAllclose([0, 2], { rtol: 1e-6, atol: 0 });
  });

  it("does not ask for the prototypes' signs", async () => {
    const model = layerGraph("outputs-first", 3, 2, ["N"]);
    const routes = routesOf(example, "outputs-first", { topK: 2 });
    const turned = { ...routes, prototypes: routes.prototypes.map((value) => -value) };
    const x = Float32Array.of(0.3, -1, 2);
    expect(await run(model, turned, x, [1, 3])).toEqual(await run(model, routes, x, [1, 3]));
  });

  it("is what plain arithmetic gives, token by token, whichever way round the weight is stored", async () => {
    const cases = fc.record({
      use: fc.constantFrom<LinearUse>("outputs-first", "inputs-first"),
      is3d: fc.boolean(),
      topK: fc.integer({ min: 0, max: 4 }),
      temperature: fc.constantFrom(0.5, 1, 3),
      ranks: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 4 }),
      seed: fc.integer({ min: 0, max: 500 }),
    });
    await fc.assert(
      fc.asyncProperty(cases, async ({ use, is3d, topK, temperature, ranks, seed }) => {
        const [inputs, outputs] = [5, 4];
        const matrix = (rows: number, columns: number, s: number) =>
          Array.from({ length: rows }, (_, i) => [...wave(columns, seed + s * 17 + i * 3.1)]);
        const experts = ranks.map((rank, k) => ({
          A: matrix(rank, inputs, k),
          B: matrix(outputs, rank, k + 9),
        }));
        const routes = routesOf(experts, use, { topK, temperature });
        const x = wave(6 * inputs, seed + 0.5);
        const model = layerGraph(use, inputs, outputs, is3d ? ["N", "T"] : ["N"]);
        const y = await run(model, routes, x, is3d ? [2, 3, inputs] : [6, inputs]);
        const expected = Array.from({ length: 6 }, (_, row) =>
          plainly(experts, routes, [...x.subarray(row * inputs, (row + 1) * inputs)]),
        ).flat();
        // f32 in the graph, f64 here; sums of up to 15 products.
        expect(y).toBeAllclose(expected, { rtol: 1e-4, atol: 1e-5 });
      }),
      { numRuns: 15 },
    );
  });

  it("listens along the first singular vector of the update", () => {
    const { prototypes } = routesOf([{ A: [[3, 4]], B: [[2]] }], "outputs-first", {});
    expect(prototypes.map(Math.abs)).toBeAllclose([0.6, 0.8], { rtol: 1e-6, atol: 0 });
  });
});

describe("the linear layers of a graph", () => {
  const find = (nodes: ReturnType<typeof node>[]) =>
    [
      ...linearLayers(
        onnxModel({
          input: [floatValue("x", ["N", 4]), floatValue("w", [4, 4])],
          output: [floatValue("y", ["N", 4])],
          node: nodes,
        }),
      ),
    ].map(([name, { use }]) => [name, use]);

  it("are those whose weight is the right-hand side of products and nothing else", () => {
    expect(find([node("MatMul", ["x", "w"], ["y"])])).toEqual([["w", "inputs-first"]]);
    expect(find([node("Gemm", ["x", "w"], ["y"], { transB: 1 })])).toEqual([["w", "outputs-first"]]);
    expect(find([node("MatMul", ["w", "x"], ["y"])])).toEqual([]);
    expect(find([node("Gather", ["w", "x"], ["y"])])).toEqual([]);
    expect(find([node("Gemm", ["x", "w"], ["y"], { alpha: 0.5 })])).toEqual([]);
    expect(find([node("MatMul", ["x", "w"], ["z"]), node("Add", ["z", "w"], ["y"])])).toEqual([]);
  });

  it("may share a weight, if all read it the same way round", () => {
    const first = node("MatMul", ["x", "w"], ["z"]);
    expect(find([first, node("MatMul", ["z", "w"], ["y"])])).toEqual([["w", "inputs-first"]]);
    expect(find([first, node("Gemm", ["z", "w"], ["y"], { transB: 1 })])).toEqual([]);
  });

  it("refuse to be routed where they are none", () => {
    const model = onnxModel({
      input: [floatValue("x", ["N", 4]), floatValue("w", [4, 4])],
      output: [floatValue("y", ["N", 4])],
      node: [node("MatMul", ["w", "x"], ["y"])],
    });
    expect(() => routedGraph(model, [{ name: "w", ranks: [1] }])).toThrow(
      /does not use it as a linear layer/,
    );
  });
});
