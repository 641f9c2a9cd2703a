import type { NodeProto, TensorProto } from "onnx-buf";
import * as ort from "onnxruntime-web/wasm";
import { describe, expect, it } from "vitest";
import { parseOnnx } from "../formats/onnx.ts";
import { graphOf } from "../formats/onnx-message.ts";
import {
  floatValue,
  intsTensor,
  node,
  onnxModel,
  rawTensor,
  smallNetwork,
  wave,
} from "../testing/onnx-graph.ts";
import { fed, runOnnx } from "../testing/run-onnx.ts";
import { type GradientGraph, type GradientRequest, gradientGraph } from "./gradient-graph.ts";
import { LOSS_INPUTS } from "./loss.ts";

/** x (N × 3) to logits (N × 4), by these nodes and stored tensors. */
function network(nodes: NodeProto[], stored: readonly TensorProto[], opset = 17) {
  return onnxModel({ input: [floatValue("x", ["N", 3])], node: nodes, initializer: [...stored] }, opset);
}

const request = (model: GradientRequest["model"], wrt: readonly string[]): GradientRequest => ({
  model,
  inputs: { x: [2, 3] },
  logits: "logits",
  loss: "cross-entropy",
  wrt,
});

const W = rawTensor("W", [3, 4], wave(12, 1));
const b = rawTensor("b", [4], wave(4, 2));
const linear = [node("MatMul", ["x", "W"], ["xW"]), node("Add", ["xW", "b"], ["logits"])];
const x = fed([2, 3], wave(6, 3));
const lossFeeds = {
  [LOSS_INPUTS.labels]: new ort.Tensor("int64", BigInt64Array.of(1n, 3n), [2]),
  [LOSS_INPUTS.weights]: fed([2], Float32Array.of(0.5, 0.5)),
};
const weightFeeds = { W: fed([3, 4], wave(12, 1)), b: fed([4], wave(4, 2)) };

async function gradients(graph: GradientGraph, feeds: Parameters<typeof runOnnx>[1]) {
  const results = await runOnnx(graph.bytes, { x, ...weightFeeds, ...lossFeeds, ...feeds });
  return new Map([...graph.gradients].map(([name, output]) => [name, results.get(output)!]));
}

const inputsOf = ({ bytes }: GradientGraph) => graphOf(parseOnnx(bytes, "g")).input.map(({ name }) => name);
const opsOf = ({ bytes }: GradientGraph) => graphOf(parseOnnx(bytes, "g")).node.map(({ opType }) => opType);

describe("weights", () => {
  it("that are differentiated by become inputs; others stay where they are", () => {
    const graph = gradientGraph(request(network(linear, [W, b]), ["W"]));
    expect(inputsOf(graph)).toEqual(["x", "W", LOSS_INPUTS.labels, LOSS_INPUTS.weights]);
    expect(graphOf(parseOnnx(graph.bytes, "g")).initializer.map(({ name }) => name)).toContain("b");
  });

  it("have the same gradient stored, as inputs, and in Constant nodes", async () => {
    const held = node("Constant", [], ["W"], { value: W });
    const models = [
      network(linear, [W, b]),
      network([held, ...linear], [b]),
      onnxModel({
        input: [floatValue("x", ["N", 3]), floatValue("W", [3, 4]), floatValue("b", [4])],
        node: linear,
      }),
    ];
    const [first, ...others] = await Promise.all(
      models.map((model) => gradients(gradientGraph(request(model, ["W", "b", "x"])), {})),
    );
    expect([...first.keys()]).toEqual(["W", "b", "x"]);
    expect(first.get("x")?.dims).toEqual([2, 3]);
    for (const other of others) expect(other).toEqual(first);
  });

  it("that are tied have the sum of the gradients of both places", async () => {
    const square = rawTensor("S", [3, 3], wave(9, 4));
    const nodes = (first: string, second: string) => [
      node("MatMul", ["x", first], ["h"]),
      node("Tanh", ["h"], ["t"]),
      node("MatMul", ["t", second], ["u"]),
      node("MatMul", ["u", "W"], ["logits"]),
    ];
    const other = rawTensor("S2", [3, 3], wave(9, 4));
    const S = fed([3, 3], wave(9, 4));
    const tied = await gradients(gradientGraph(request(network(nodes("S", "S"), [square, W]), ["S"])), { S });
    const untied = await gradients(
      gradientGraph(request(network(nodes("S", "S2"), [square, other, W]), ["S", "S2"])),
      { S, S2: S },
    );
    const sum = untied.get("S")!.data.map((value, i) => value + untied.get("S2")!.data[i]);
    expect(tied.get("S")?.data).toBeAllclose(sum);
  });

  it("that the output does not depend on have a gradient of zeros", async () => {
    const unused = rawTensor("unused", [2, 2], wave(4, 1));
    const graph = gradientGraph(request(network(linear, [W, b, unused]), ["W", "unused"]));
    const found = await gradients(graph, { unused: fed([2, 2], wave(4, 1)) });
    expect(found.get("unused")).toEqual({ data: [0, 0, 0, 0], dims: [2, 2] });
  });

  it("of equal gradient have an output each", () => {
    const nodes = [
      node("Add", ["b", "b2"], ["both"]),
      node("MatMul", ["x", "W"], ["xW"]),
      node("Add", ["xW", "both"], ["logits"]),
    ];
    const second = rawTensor("b2", [4], wave(4, 6));
    const { gradients: found } = gradientGraph(request(network(nodes, [W, b, second]), ["b", "b2"]));
    expect(new Set(found.values()).size).toBe(2);
  });

  it("that only an integer sees have a gradient of zeros", async () => {
    const nodes = [
      ...linear.slice(0, 1),
      node("Cast", ["b"], ["i"], { to: 7 }),
      node("Cast", ["i"], ["f"], { to: 1 }),
      node("Add", ["xW", "f"], ["logits"]),
    ];
    const found = await gradients(gradientGraph(request(network(nodes, [W, b]), ["b"])), {});
    expect(found.get("b")?.data).toEqual([0, 0, 0, 0]);
  });
});

describe("the graph", () => {
  it("leaves the model as it is", () => {
    const model = smallNetwork();
    const before = structuredClone(model);
    gradientGraph({ ...request(model, ["conv.weight"]), inputs: { x: [2, 1, 6, 6] } });
    expect(model).toEqual(before);
  });

  it("has names that the model does not have", () => {
    const nodes = [node("MatMul", ["x", "W"], ["grad.0"]), node("Add", ["grad.0", "b"], ["logits"])];
    const { node: made } = graphOf(
      parseOnnx(gradientGraph(request(network(nodes, [W, b]), ["W"])).bytes, "g"),
    );
    const outputs = made.flatMap(({ output }) => output);
    expect(new Set(outputs).size).toBe(outputs.length);
  });

  it("holds only what its outputs need", () => {
    const held = rawTensor("", [2], wave(2, 1));
    const nodes = [...linear, node("LSTM", ["x", "W", "W"], ["other"], { odd: held })];
    expect(opsOf(gradientGraph(request(network(nodes, [W, b]), ["b"])))).not.toContain("LSTM");
    const frozen = opsOf(gradientGraph(request(network(nodes, [W, b]), ["b"])));
    expect(frozen.filter((op) => op === "MatMul" || op === "Gemm")).toHaveLength(1);
  });

  it("tells how much memory it needs: at least its inputs and outputs", () => {
    const small = gradientGraph(request(network(linear, [W, b]), ["W"]));
    const large = gradientGraph({ ...request(network(linear, [W, b]), ["W"]), inputs: { x: [64, 3] } });
    expect(small.bytesAtPeak).toBeGreaterThan(4 * (6 + 12 + 8 + 12));
    expect(large.bytesAtPeak - small.bytesAtPeak).toBeGreaterThan(62 * 4 * (3 + 4));
  });
});

describe("refusals", () => {
  const refused = (nodes: NodeProto[], opset = 17, stored: readonly TensorProto[] = [W, b]) =>
    expect(() => gradientGraph(request(network(nodes, stored, opset), ["W"])));

  it("name the node and the operator, and what still works, in one line", () => {
    const lstm = refused([node("LSTM", ["x", "W", "W"], ["logits"])]);
    lstm.toThrow(expect.objectContaining({ code: "autodiff/unsupported" }));
    lstm.toThrow(/“node_logits” \(LSTM\).*still works.*TIES/);
    refused([node("some.domain:Thing", ["x", "W"], ["logits"])]).toThrow("(some.domain:Thing)");
  });

  it("of operator sets that are too old or too new", () => {
    refused(linear, 13).toThrow(/operator set 13.*14 to 21/);
    refused(linear, 22).toThrow("operator set 22");
  });

  it("of other floats than f32", () => {
    const cast = [node("MatMul", ["x", "W"], ["h"]), node("Cast", ["h"], ["logits"], { to: 10 })];
    refused(cast).toThrow("f16");
  });

  it("of shapes that depend on the examples", () => {
    const nodes = [
      node("ArgMax", ["x"], ["i"], { axis: 0, keepdims: 0 }),
      node("Reshape", ["W", "i"], ["logits"]),
    ];
    refused(nodes).toThrow(/takes its input 1 \(“i”\) from the examples/);
  });

  it("of graphs out of order", () => {
    refused(linear.toReversed()).toThrow(/“node_logits” \(Add\) reads “xW”/);
  });

  it("of names and shapes that are not the graph's", () => {
    const model = network(linear, [W, b]);
    const wrong = (changes: Partial<GradientRequest>) =>
      expect(() => gradientGraph({ ...request(model, ["W"]), ...changes }));
    const graph = expect.objectContaining({ code: "eval/graph" });
    wrong({ wrt: ["V"] }).toThrow(graph);
    wrong({ logits: "nothing" }).toThrow(graph);
    wrong({ inputs: {} }).toThrow(/“x” has no fixed shape/);
    wrong({ inputs: { x: [2, 4] } }).toThrow(graph);
    wrong({ logits: "b" }).toThrow(/examples × classes/);
  });
});

it("operator sets 14 to 21 agree, whether axes are an attribute or an input", async () => {
  const results = await Promise.all(
    [14, 15, 16, 17, 18, 19, 20, 21].map((opset) => {
      const over = (op: string, from: string, to: string) =>
        opset < 18 ? node(op, [from], [to], { axes: [-1] }) : node(op, [from, "last"], [to]);
      const nodes = [
        node("MatMul", ["x", "W"], ["h"]),
        over("ReduceMean", "h", "mean"),
        node("Sub", ["h", "mean"], ["centred"]),
        node("Split", ["centred", "halves"], ["p", "q"], { axis: 1 }),
        node("Mul", ["p", "q"], ["pq"]),
        node("Concat", ["pq", "q"], ["joined"], { axis: 1 }),
        over("ReduceMax", "joined", "top"),
        over("ReduceL2", "joined", "norm"),
        node("Sub", ["joined", "top"], ["below"]),
        node("Div", ["below", "norm"], ["scaled"]),
        node("Add", ["scaled", "b"], ["logits"]),
      ];
      const stored = [W, b, intsTensor("halves", [2, 2]), intsTensor("last", [-1])];
      return gradients(gradientGraph(request(network(nodes, stored, opset), ["W", "b"])), {});
    }),
  );
  for (const other of results.slice(1)) expect(other).toEqual(results[0]);
});
