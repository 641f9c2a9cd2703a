import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { type GraphProtoSchema, NodeProtoSchema, TensorProtoSchema } from "onnx-buf";
import { describe, expect, it } from "vitest";
import { isAppError } from "../errors.ts";
import { type DType, dtypeInfo, dtypes } from "../tensor/dtype.ts";
import {
  floatValue,
  intsTensor,
  node,
  onnxModel,
  rawTensor,
  smallNetwork,
  typedTensor,
  wave,
} from "../testing/onnx-graph.ts";
import { bytesSource } from "./format.ts";
import { encodeOnnx, MAX_ONNX_BYTES, onnx, openOnnx, parseOnnx } from "./onnx.ts";
import { graphOf } from "./onnx-message.ts";
import { checkedSpec, rawBytes } from "./onnx-tensor.ts";

const open = (model: Parameters<typeof encodeOnnx>[0]) => openOnnx(bytesSource(encodeOnnx(model)), "m.onnx");

async function failure(graph: MessageInitShape<typeof GraphProtoSchema>, opset?: number): Promise<string> {
  try {
    await open(onnxModel(graph, opset));
  } catch (error) {
    if (isAppError(error)) return `${error.code}: ${error.message}`;
    throw error;
  }
  return "opened";
}

/** The field in which onnx.proto puts values of this type when they are not raw. */
function typedField(dtype: DType, bytes: ArrayBuffer) {
  switch (dtype) {
    case "f32":
      return { floatData: [...new Float32Array(bytes)] };
    case "f64":
      return { doubleData: [...new Float64Array(bytes)] };
    case "i64":
      return { int64Data: [...new BigInt64Array(bytes)] };
    case "u64":
      return { uint64Data: [...new BigUint64Array(bytes)] };
    case "u32":
      return { uint64Data: Array.from(new Uint32Array(bytes), BigInt) };
    case "i32":
      return { int32Data: [...new Int32Array(bytes)] };
    case "i16":
      return { int32Data: [...new Int16Array(bytes)] };
    case "i8":
      return { int32Data: [...new Int8Array(bytes)] };
    default:
      return {
        int32Data: [...(dtypeInfo[dtype].bytes === 2 ? new Uint16Array(bytes) : new Uint8Array(bytes))],
      };
  }
}

describe("reading", () => {
  it("lists weights in file order, wherever they are kept, and no constants", async () => {
    const file = await open(smallNetwork());
    expect([...file.tensors.keys()]).toEqual([
      "conv.weight",
      "conv.bias",
      "bn.weight",
      "bn.bias",
      "bn.mean",
      "bn.var",
      "fc.weight",
      "fc.bias",
    ]);
    expect(file.tensors.get("conv.weight")).toEqual({
      name: "conv.weight",
      dtype: "f32",
      shape: [4, 1, 3, 3],
    });
    expect(await file.load("conv.bias")).toEqual(wave(4, 2));
    expect(await file.load("fc.bias")).toEqual(wave(3, 8));
  });

  it("gives bytes that the caller may change", async () => {
    const file = await open(smallNetwork());
    (await file.bytes("conv.weight")).fill(0);
    expect(await file.load("conv.weight")).toEqual(wave(36, 1));
  });

  it("reads every storage type from its typed field as from raw bytes", () => {
    const raw = Uint8Array.from({ length: 16 }, (_, i) => [0, 60, 128, 63, 1, 255, 0, 64][i % 8]!);
    for (const dtype of dtypes) {
      const header = {
        name: "t",
        dataType: dtypeInfo[dtype].onnx,
        dims: [BigInt(16 / dtypeInfo[dtype].bytes)],
      };
      const typed = create(TensorProtoSchema, { ...header, ...typedField(dtype, raw.buffer) });
      const stored = create(TensorProtoSchema, { ...header, rawData: raw });
      expect(checkedSpec(typed, "m")).toEqual(checkedSpec(stored, "m"));
      expect(rawBytes(typed, dtype)).toEqual(raw);
      expect(rawBytes(stored, dtype)).toEqual(raw);
    }
  });

  it("takes what only steers an operator for a constant", async () => {
    const graph = {
      initializer: [rawTensor("scales", [4], wave(4, 1)), rawTensor("w", [4], wave(4, 2))],
      node: [node("Resize", ["x", "", "scales"], ["y"]), node("Mul", ["y", "w"], ["z"])],
    };
    expect([...(await open(onnxModel(graph))).tensors.keys()]).toEqual(["w"]);
  });

  it("drops inputs that are initializers too, as old exporters wrote them", () => {
    const model = onnxModel({
      input: [floatValue("x", [2]), floatValue("w", [2])],
      initializer: [rawTensor("w", [2], wave(2, 1))],
    });
    model.irVersion = 3n;
    const parsed = parseOnnx(encodeOnnx(model), "m");
    expect(graphOf(parsed).input.map(({ name }) => name)).toEqual(["x"]);
    expect(parsed.irVersion).toBe(4n);
  });

  it("changes no byte of a model in normal form", () => {
    const model = smallNetwork();
    model.graph!.node = model.graph!.node.filter(({ opType }) => opType !== "Constant");
    const bytes = encodeOnnx(model);
    expect(encodeOnnx(parseOnnx(bytes, "m"))).toEqual(bytes);
  });

  it("keeps text tensors and labels in the program", async () => {
    const labels = { name: "labels", dataType: 8, dims: [1n], stringData: [Uint8Array.of(65)] };
    expect((await open(onnxModel({ initializer: [labels] }))).tensors.size).toBe(0);
  });

  it("is told by its first bytes", () => {
    expect(onnx.sniff(encodeOnnx(smallNetwork()).subarray(0, 64), "")).toBe(true);
    expect(onnx.sniff(new Uint8Array(64), "a.ONNX")).toBe(true);
    expect(onnx.sniff(new Uint8Array(64), "a.pt")).toBe(false);
  });
});

const w = rawTensor("w", [2], wave(2, 1));
const body = (initializer: unknown) =>
  create(NodeProtoSchema, {
    name: "switch",
    opType: "If",
    input: ["c"],
    output: ["y"],
    attribute: [{ name: "then_branch", type: 5, g: { initializer: [initializer as typeof w] } }],
  });

describe("refusing", () => {
  it.each([
    ["no operator set", { initializer: [w] }, "file/malformed", "operator set", 0],
    ["an old operator set", { initializer: [w] }, "file/unsupported", "operator set 6", 6],
    [
      "weights in a second file",
      {
        initializer: [
          {
            name: "w",
            dataType: 1,
            dims: [2n],
            dataLocation: 1,
            externalData: [{ key: "location", value: "w.data" }],
          },
        ],
      },
      "file/unsupported",
      "in a second file, w.data",
    ],
    [
      "a sparse tensor",
      { sparseInitializer: [{ values: { name: "s" }, dims: [3n] }] },
      "file/unsupported",
      "“s” as a sparse",
    ],
    ["weights in a branch", { node: [body(w)] }, "file/unsupported", "inside the body of node “switch” (If)"],
    [
      "a quantized graph",
      { node: [node("DequantizeLinear", ["q", "s"], ["y"])] },
      "file/unsupported",
      "node_y",
    ],
    [
      "4-bit weights",
      { initializer: [{ name: "w", dataType: 22, dims: [2n], rawData: new Uint8Array(1) }] },
      "file/unsupported",
      "INT4",
    ],
    [
      "complex weights",
      { initializer: [{ name: "w", dataType: 14, dims: [1n] }] },
      "file/unsupported",
      "COMPLEX64",
    ],
    [
      "an unknown type",
      { initializer: [{ name: "w", dataType: 99, dims: [1n] }] },
      "file/unsupported",
      "type 99",
    ],
    [
      "segments",
      { initializer: [{ name: "w", dataType: 1, dims: [2n], segment: { begin: 0n, end: 1n } }] },
      "file/unsupported",
      "segments",
    ],
    ["a name twice", { initializer: [w, w] }, "file/malformed", "occurs twice"],
    [
      "a weight without a name",
      { initializer: [rawTensor("", [2], wave(2, 1))] },
      "file/malformed",
      "no name",
    ],
    [
      "data twice",
      { initializer: [{ ...rawTensor("w", [1], wave(1, 1)), floatData: [1] }] },
      "file/malformed",
      "twice",
    ],
    [
      "too few bytes",
      { initializer: [{ name: "w", dataType: 1, dims: [3n], rawData: new Uint8Array(8) }] },
      "file/malformed",
      "needs 12 bytes and has 8",
    ],
    [
      "a shape of 2^60",
      { initializer: [{ name: "w", dataType: 1, dims: [2n ** 60n] }] },
      "file/malformed",
      "impossible shape",
    ],
    [
      "a shape whose product wraps",
      { initializer: [{ name: "w", dataType: 1, dims: [2n ** 40n, 2n ** 40n] }] },
      "file/malformed",
      "impossible shape",
    ],
    [
      "a negative shape",
      { initializer: [{ name: "w", dataType: 1, dims: [-2n, -1n] }] },
      "file/malformed",
      "impossible shape",
    ],
    [
      "a Constant that lies",
      { node: [node("Constant", [], ["w"], { value: { ...w, dims: [3n] } })] },
      "file/malformed",
      "needs 12",
    ],
  ])("%s", async (_, graph, code, words, opset = 17) => {
    const message = opset === 0 ? await noOpset() : await failure(graph, opset);
    expect(message).toContain(code);
    expect(message).toContain(words);
  });

  async function noOpset() {
    const model = onnxModel({ initializer: [w] });
    model.opsetImport = [];
    return open(model).then(
      () => "opened",
      (error) => `${error.code}: ${error.message}`,
    );
  }

  it("lets constants stay in a branch", async () => {
    const constants = [intsTensor("axes", [1]), typedTensor("half", [], Float32Array.of(0.5))];
    for (const constant of constants) expect(await failure({ node: [body(constant)] })).toBe("opened");
  });

  it("a file that ends in the middle, and one past protobuf's limit", async () => {
    const bytes = encodeOnnx(smallNetwork());
    await expect(openOnnx(bytesSource(bytes.slice(0, -10)), "m.onnx")).rejects.toMatchObject({
      code: "file/truncated",
    });
    const huge = { size: MAX_ONNX_BYTES + 1, read: () => Promise.reject(new Error("read")) };
    await expect(openOnnx(huge, "m.onnx")).rejects.toMatchObject({ code: "file/too-large" });
  });
});
