import { describe, expect, test } from "vitest";
import { sizeOf } from "../../tensor/tensor.ts";
import { checkGradient } from "../../testing/check-gradient.ts";
import { node, type TestAttribute } from "../../testing/onnx-graph.ts";

interface PoolCase {
  readonly name: string;
  readonly x: readonly number[];
  readonly attributes: Readonly<Record<string, TestAttribute>>;
}

const maxima: readonly PoolCase[] = [
  { name: "windows of 2 × 2", x: [2, 2, 4, 6], attributes: { kernel_shape: [2, 2], strides: [2, 2] } },
  {
    name: "windows of 2 × 2 that leave a rest",
    x: [1, 2, 5, 7],
    attributes: { kernel_shape: [2, 2], strides: [2, 2] },
  },
  {
    name: "overlapping windows of 3 × 3, strides 2, padding 1",
    x: [2, 2, 7, 6],
    attributes: { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] },
  },
  {
    name: "every entry in nine windows",
    x: [1, 2, 5, 5],
    attributes: { kernel_shape: [3, 3], pads: [1, 1, 1, 1] },
  },
  {
    name: "rounded up",
    x: [1, 2, 6, 5],
    attributes: { kernel_shape: [3, 2], strides: [2, 2], ceil_mode: 1 },
  },
  {
    name: "rounded up, where the last window would begin in the padding",
    x: [1, 1, 4, 4],
    attributes: { kernel_shape: [2, 2], strides: [3, 3], pads: [0, 0, 1, 1], ceil_mode: 1 },
  },
  { name: "dilated", x: [1, 2, 6, 6], attributes: { kernel_shape: [2, 2], dilations: [2, 3] } },
  {
    name: "padded windows that do not overlap",
    x: [1, 2, 5, 5],
    attributes: { kernel_shape: [3, 3], strides: [3, 3], pads: [1, 0, 1, 1] },
  },
  {
    name: "auto_pad SAME_UPPER",
    x: [1, 2, 5, 5],
    attributes: { kernel_shape: [3, 3], strides: [2, 2], auto_pad: "SAME_UPPER" },
  },
  { name: "one dimension", x: [2, 3, 9], attributes: { kernel_shape: [3], strides: [2], pads: [1, 1] } },
];

const averages: readonly PoolCase[] = [
  { name: "windows of 2 × 2", x: [2, 2, 4, 4], attributes: { kernel_shape: [2, 2], strides: [2, 2] } },
  { name: "a rest", x: [1, 2, 5, 7], attributes: { kernel_shape: [2, 3], strides: [2, 3] } },
  {
    name: "padding that does not count",
    x: [2, 2, 5, 5],
    attributes: { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] },
  },
  {
    name: "padding that counts",
    x: [2, 2, 5, 5],
    attributes: { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1], count_include_pad: 1 },
  },
  {
    name: "rounded up",
    x: [1, 2, 6, 5],
    attributes: { kernel_shape: [3, 2], strides: [2, 2], ceil_mode: 1 },
  },
  {
    name: "rounded up, padding counts",
    x: [1, 2, 6, 4],
    attributes: {
      kernel_shape: [3, 3],
      strides: [2, 2],
      pads: [1, 1, 1, 1],
      ceil_mode: 1,
      count_include_pad: 1,
    },
  },
  {
    name: "auto_pad SAME_LOWER",
    x: [1, 2, 5, 4],
    attributes: { kernel_shape: [2, 3], strides: [2, 2], auto_pad: "SAME_LOWER" },
  },
  { name: "one dimension", x: [2, 3, 7], attributes: { kernel_shape: [3], strides: [2] } },
];

describe("MaxPool agrees with central differences", () => {
  test.for(maxima.flatMap((pool) => [14, 17].map((opset) => ({ ...pool, opset }))))(
    "$name, opset $opset",
    async ({ x, attributes, opset }) => {
      const nodes = [node("MaxPool", ["x"], ["y"], attributes)];
      await checkGradient({ nodes, inputs: { x: distinct(x) }, opset });
    },
  );

  test("indices counted by columns are refused", async () => {
    const nodes = [node("MaxPool", ["x"], ["y"], { kernel_shape: [2, 2], storage_order: 1 })];
    await expect(checkGradient({ nodes, inputs: { x: [1, 1, 3, 3] } })).rejects.toMatchObject({
      code: "autodiff/unsupported",
    });
  });
});

describe("AveragePool agrees with central differences", () => {
  test.for(averages)("$name", async ({ x, attributes }) => {
    await checkGradient({ nodes: [node("AveragePool", ["x"], ["y"], attributes)], inputs: { x } });
  });

  test("dilated, at opset 19", async () => {
    const nodes = [
      node("AveragePool", ["x"], ["y"], { kernel_shape: [2, 2], dilations: [2, 3], pads: [1, 1, 0, 0] }),
    ];
    await checkGradient({ nodes, inputs: { x: [1, 2, 5, 6] }, opset: 19 });
  });
});

describe("global pools agree with central differences", () => {
  test.for(["GlobalAveragePool", "GlobalMaxPool"])("%s", async (op) => {
    for (const x of [
      [2, 3, 4, 3],
      [2, 3, 5],
    ])
      await checkGradient({ nodes: [node(op, ["x"], ["y"])], inputs: { x: distinct(x) } });
  });

  test("of equal maxima the first has the gradient", async () => {
    const x = { shape: [1, 1, 2, 2], values: [0.5, 0.9, 0.9, 0.1] };
    const run = checkGradient({ nodes: [node("GlobalMaxPool", ["x"], ["y"])], inputs: { x } });
    await expect(run).rejects.toThrow(/x\[1\]/); // half of it, differences say
  });
});

/** Entries in a mixed order, no two closer than the differences reach. */
function distinct(shape: readonly number[]) {
  const n = sizeOf(shape);
  const step = [7, 11, 13, 17].find((prime) => n % prime !== 0) ?? 1;
  return { shape, values: Array.from({ length: n }, (_, i) => (((i * step) % n) - n / 2) * 0.05) };
}
