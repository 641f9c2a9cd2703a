import { describe, expect, test } from "vitest";
import { bytesSource } from "#core/formats/format.ts";
import { encodeOnnx } from "#core/formats/onnx.ts";
import { floatValue, node, onnxModel, rawTensor } from "#core/testing/onnx-graph.ts";
import { examplesPath } from "#core/zoo.ts";
import { dataPlatform } from "./data-platform.ts";
import { openFamily } from "./zoo-family.ts";

const packed = async (bytes: Uint8Array<ArrayBuffer>, format: CompressionFormat) =>
  new Uint8Array(
    await new Response(new Blob([bytes]).stream().pipeThrough(new CompressionStream(format))).arrayBuffer(),
  );

/** A picture of one colour. */
async function png(colour: string): Promise<Blob> {
  const canvas = new OffscreenCanvas(4, 4);
  const context = canvas.getContext("2d");
  if (!context) throw new Error("no canvas");
  context.fillStyle = colour;
  context.fillRect(0, 0, 4, 4);
  return canvas.convertToBlob();
}

describe("the browser", () => {
  test("unpacks up to a limit", async () => {
    const bytes = new Uint8Array(5000).fill(7);
    for (const format of ["gzip", "deflate-raw"] as const) {
      expect(await dataPlatform.inflate(await packed(bytes, format), format, 5000)).toEqual(bytes);
      await expect(dataPlatform.inflate(await packed(bytes, format), format, 4999)).rejects.toThrow("4999");
    }
  });

  test("refuses what is no picture by its name", async () => {
    const decoding = dataPlatform.decode("cats/1.png", bytesSource(new Uint8Array(9)), 2, 2);
    await expect(decoding).rejects.toMatchObject({ code: "data/malformed", details: { file: "cats/1.png" } });
  });
});

/** Pictures of two colours, and a graph that takes them at 2 × 2. */
const model = onnxModel({
  input: [floatValue("x", ["N", 3, 2, 2])],
  output: [floatValue("logits", ["N", 2])],
  initializer: [rawTensor("w", [12, 2], new Float32Array(24))],
  node: [node("Flatten", ["x"], ["flat"], { axis: 1 }), node("MatMul", ["flat", "w"], ["logits"])],
});
const given = (path: string, part: BlobPart) => ({ path, file: new File([part], path) });
const pictures = () =>
  Promise.all(
    ["red", "blue"].flatMap((colour) =>
      [1, 2, 3, 4].map(async (i) => given(`colours/${colour}/${i}.png`, await png(colour))),
    ),
  );

test("dropped files become a family: the graph, and pictures classed by their folders", async () => {
  const { family, open } = await openFamily({
    id: "own:1",
    base: "base.onnx",
    files: [given("base.onnx", encodeOnnx(model)), ...(await pictures())],
    options: {},
  });
  expect(family.tasks).toMatchObject([
    { id: "colours", classes: ["blue", "red"], n: { validation: 4, test: 4 } },
  ]);
  const file = await open(examplesPath("colours", "test"));
  const labels = await file.bytes("labels");
  const images = await file.bytes("images");
  const red = labels.indexOf(1);
  expect([...images.subarray(12 * red, 12 * red + 12)]).toEqual([255, 255, 255, 255, 0, 0, 0, 0, 0, 0, 0, 0]);
});

test("a graph of one's own takes pictures that come later as a task", async () => {
  const own = {
    id: "own:2",
    base: "base.onnx",
    files: [given("base.onnx", encodeOnnx(model))],
    options: {},
  };
  expect((await openFamily(own)).family.tasks).toEqual([]);
  const task = { dataset: "colours", id: "hues", label: "Hues", isInverted: true, shots: 2 } as const;
  const { family, open } = await openFamily({
    id: "tasks:1",
    family: own,
    tasks: [{ ...task, files: await pictures() }],
  });
  expect(family.tasks).toMatchObject([
    { id: "hues", label: "Hues", classes: ["blue", "red"], n: { train: 4, validation: 2, test: 2 } },
  ]);
  const file = await open(examplesPath("hues", "train"));
  const red = (await file.bytes("labels")).indexOf(1);
  const images = await file.bytes("images");
  expect([...images.subarray(12 * red, 12 * red + 5)]).toEqual([0, 0, 0, 0, 255]);
});
