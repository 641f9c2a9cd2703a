import { describe, expect, test } from "vitest";
import { checkGradient } from "../../testing/check-gradient.ts";
import { node, type TestAttribute } from "../../testing/onnx-graph.ts";

interface ConvCase {
  readonly name: string;
  readonly x: readonly number[];
  readonly w: readonly number[];
  readonly attributes?: Readonly<Record<string, TestAttribute>>;
}

const convolutions: readonly ConvCase[] = [
  { name: "without padding", x: [2, 2, 5, 4], w: [3, 2, 3, 2] },
  { name: "with padding", x: [2, 2, 5, 5], w: [3, 2, 3, 3], attributes: { pads: [1, 1, 1, 1] } },
  {
    name: "with uneven padding",
    x: [1, 2, 4, 5],
    w: [2, 2, 3, 3],
    attributes: { pads: [0, 2, 1, 0] },
  },
  {
    name: "with strides",
    x: [2, 2, 7, 6],
    w: [3, 2, 3, 3],
    attributes: { strides: [2, 2], pads: [1, 1, 1, 1] },
  },
  {
    name: "with strides that leave entries unread",
    x: [1, 2, 8, 9],
    w: [2, 2, 2, 3],
    attributes: { strides: [3, 4] },
  },
  { name: "of patches", x: [2, 3, 8, 8], w: [4, 3, 4, 4], attributes: { strides: [4, 4] } },
  { name: "of points", x: [2, 3, 3, 3], w: [4, 3, 1, 1] },
  { name: "depthwise", x: [2, 3, 5, 5], w: [3, 1, 3, 3], attributes: { group: 3, pads: [1, 1, 1, 1] } },
  {
    name: "depthwise with two outputs a channel and strides",
    x: [2, 3, 6, 5],
    w: [6, 1, 3, 3],
    attributes: { group: 3, strides: [2, 2], pads: [1, 1, 1, 1] },
  },
  { name: "dilated", x: [2, 2, 7, 8], w: [3, 2, 3, 2], attributes: { dilations: [2, 3] } },
  {
    name: "dilated, with strides and an unread rest",
    x: [1, 2, 10, 9],
    w: [2, 2, 3, 2],
    attributes: { dilations: [2, 2], strides: [3, 2], pads: [1, 0, 1, 1] },
  },
  { name: "grouped", x: [2, 4, 4, 4], w: [6, 2, 3, 3], attributes: { group: 2, pads: [1, 1, 1, 1] } },
  {
    name: "grouped, dilated, with strides",
    x: [2, 4, 7, 7],
    w: [4, 2, 2, 3],
    attributes: { group: 2, dilations: [2, 1], strides: [1, 2], pads: [0, 1, 1, 0] },
  },
  {
    name: "with auto_pad SAME_UPPER",
    x: [1, 2, 5, 6],
    w: [2, 2, 2, 3],
    attributes: { auto_pad: "SAME_UPPER", strides: [2, 2] },
  },
  {
    name: "with auto_pad SAME_LOWER",
    x: [1, 2, 5, 6],
    w: [2, 2, 2, 4],
    attributes: { auto_pad: "SAME_LOWER" },
  },
  { name: "with auto_pad VALID", x: [1, 2, 5, 6], w: [2, 2, 2, 4], attributes: { auto_pad: "VALID" } },
  { name: "in one dimension", x: [2, 3, 9], w: [4, 3, 3], attributes: { strides: [2], pads: [1, 1] } },
  { name: "in one dimension, grouped", x: [2, 4, 9], w: [4, 2, 3], attributes: { group: 2, dilations: [2] } },
  { name: "in three dimensions", x: [1, 2, 4, 3, 4], w: [2, 2, 2, 2, 3], attributes: { strides: [2, 1, 1] } },
];

const transposed: readonly ConvCase[] = [
  { name: "plain", x: [2, 3, 4, 3], w: [3, 2, 3, 2] },
  {
    name: "with strides and padding",
    x: [2, 3, 4, 4],
    w: [3, 2, 3, 3],
    attributes: { strides: [2, 2], pads: [1, 1, 1, 1] },
  },
  {
    name: "with output padding",
    x: [1, 2, 3, 4],
    w: [2, 3, 3, 3],
    attributes: { strides: [2, 3], pads: [1, 0, 1, 1], output_padding: [1, 2] },
  },
  { name: "dilated", x: [2, 2, 4, 4], w: [2, 2, 3, 2], attributes: { dilations: [2, 2] } },
  { name: "grouped", x: [2, 4, 3, 3], w: [4, 2, 3, 3], attributes: { group: 2, strides: [2, 2] } },
  { name: "depthwise", x: [2, 3, 3, 3], w: [3, 1, 2, 2], attributes: { group: 3, strides: [2, 2] } },
  {
    name: "with an output shape",
    x: [1, 2, 3, 3],
    w: [2, 2, 4, 3],
    attributes: { strides: [2, 2], output_shape: [6, 6] },
  },
  {
    name: "with auto_pad SAME_UPPER",
    x: [1, 2, 3, 3],
    w: [2, 2, 3, 4],
    attributes: { strides: [2, 2], auto_pad: "SAME_UPPER" },
  },
  { name: "in one dimension", x: [2, 3, 5], w: [3, 2, 4], attributes: { strides: [2], pads: [1, 1] } },
];

describe("Conv agrees with central differences", () => {
  test.for(convolutions)("$name", async ({ x, w, attributes }) => {
    const nodes = [node("Conv", ["x", "w", "b"], ["y"], attributes)];
    await checkGradient({ nodes, inputs: { x, w, b: [w[0]] } });
  });

  test("without bias, at opset 14 and 21", async () => {
    const nodes = [node("Conv", ["x", "w"], ["y"])];
    for (const opset of [14, 21])
      await checkGradient({ nodes, inputs: { x: [1, 2, 4, 4], w: [2, 2, 3, 3] }, opset });
  });

  test("a weight of other channels than the input's is told", async () => {
    const nodes = [node("Conv", ["x", "w"], ["y"])];
    const inputs = { x: [1, 2, 4, 4], w: [2, 3, 3, 3] };
    await expect(checkGradient({ nodes, inputs })).rejects.toMatchObject({ code: "eval/graph" });
  });
});

describe("ConvTranspose agrees with central differences", () => {
  test.for(transposed)("$name", async ({ x, w, attributes }) => {
    const group = Number(attributes?.group ?? 1);
    const nodes = [node("ConvTranspose", ["x", "w", "b"], ["y"], attributes)];
    await checkGradient({ nodes, inputs: { x, w, b: [w[1] * group] } });
  });
});
