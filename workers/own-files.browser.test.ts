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

test("dropped files become a family: the graph, and pictures classed by their folders", async () => {
  const model = onnxModel({
    input: [floatValue("x", ["N", 3, 2, 2])],
    output: [floatValue("logits", ["N", 2])],
    initializer: [rawTensor("w", [12, 2], new Float32Array(24))],
    node: [node("Flatten", ["x"], ["flat"], { axis: 1 }), node("MatMul", ["flat", "w"], ["logits"])],
  });
  const given = (path: string, part: BlobPart) => ({ path, file: new File([part], path) });
  const pictures = await Promise.all(
    ["red", "blue"].flatMap((colour) =>
      [1, 2, 3, 4].map(async (i) => given(`colours/${colour}/${i}.png`, await png(colour))),
    ),
  );
  const { family, open } = await openFamily({
    id: "own:1",
    base: "base.onnx",
    files: [given("base.onnx", encodeOnnx(model)), ...pictures],
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
