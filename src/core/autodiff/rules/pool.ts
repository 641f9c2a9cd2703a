/** Pools. A maximum's gradient goes where the forward pass found it, an average's to all of its window. */
import { sizeOf } from "../../tensor/tensor.ts";
import { numberOf, numbersOf, required } from "../attributes.ts";
import { expandedTo, reshapedTo, scaled, zeros } from "../emit.ts";
import type { Builder, OpNode, OpRule, ValueType } from "../rule.ts";
import { indices, withAxes } from "../shapes.ts";
import { unsupported } from "../unsupported.ts";
import { reach, transposeAttributes, type Windows, windowsOver } from "../windows.ts";

/** First operator set in which ScatterElements adds. */
const SCATTER_ADDS = 16;

const maxPool: OpRule = {
  ops: ["MaxPool"],

  infer(node, inputs) {
    const type = pooled(node, required(node, inputs, 0));
    return [type, { dtype: "i64", shape: type.shape }];
  },

  vjp(node, [gradient], wants, builder) {
    if (!gradient || !wants[0]) return [];
    if (numberOf(node, "storage_order", 0) === 1) throw unsupported(node, "counts its indices by columns");
    const found = builder.output(node, 1);
    const x = builder.type(node.inputs[0]);
    const windows = poolWindows(node, x);
    return [spreadOut(builder, windows, gradient, found, x.shape)];
  },
};

const averagePool: OpRule = {
  ops: ["AveragePool"],

  infer(node, inputs) {
    return [pooled(node, required(node, inputs, 0))];
  },

  vjp(node, [gradient], wants, builder) {
    if (!gradient || !wants[0]) return [];
    const x = builder.type(node.inputs[0]);
    const windows = poolWindows(node, x);
    const padsCount = numberOf(node, "count_include_pad", 0) === 1;
    const [n, channels] = x.shape;
    const shares = builder.op("Mul", [gradient, sharesOf(builder, windows, padsCount)]);
    const single = reshapedTo(builder, shares, [n * channels, 1, ...windows.count]);
    const ones = new Array<number>(sizeOf(windows.kernel)).fill(1);
    const spread = builder.op(
      "ConvTranspose",
      [single, builder.floats(ones, [1, 1, ...windows.kernel])],
      transposeAttributes(windows),
    );
    return [reshapedTo(builder, spread, x.shape)];
  },
};

const globalAveragePool: OpRule = {
  ops: ["GlobalAveragePool"],
  infer: inferGlobal,
  vjp(node, [gradient], wants, builder) {
    if (!gradient || !wants[0]) return [];
    const { shape } = builder.type(node.inputs[0]);
    return [expandedTo(builder, scaled(builder, gradient, 1 / sizeOf(shape.slice(2))), shape)];
  },
};

const globalMaxPool: OpRule = {
  ops: ["GlobalMaxPool"],
  infer: inferGlobal,
  vjp(node, [gradient], wants, builder) {
    if (!gradient || !wants[0]) return [];
    const [x] = node.inputs;
    const { shape } = builder.type(x);
    const [n, channels, ...spatial] = shape;
    const flat = [n, channels, sizeOf(spatial)];
    const first = builder.op("ArgMax", [reshapedTo(builder, x, flat)], { axis: 2 });
    const updates = reshapedTo(builder, gradient, [n, channels, 1]);
    const spread = builder.op("ScatterElements", [zeros(builder, flat), first, updates], { axis: 2 });
    return [reshapedTo(builder, spread, shape)];
  },
};

export const pool: readonly OpRule[] = [maxPool, averagePool, globalAveragePool, globalMaxPool];

function inferGlobal(node: OpNode, inputs: readonly (ValueType | undefined)[]): readonly ValueType[] {
  const { dtype, shape } = required(node, inputs, 0);
  return [{ dtype, shape: shape.map((size, axis) => (axis < 2 ? size : 1)) }];
}

function poolWindows(node: OpNode, { shape }: ValueType): Windows {
  const kernel = numbersOf(node, "kernel_shape");
  if (kernel?.length !== shape.length - 2) throw unsupported(node, "has no kernel of its input's rank");
  return windowsOver(node, shape.slice(2), kernel);
}

function pooled(node: OpNode, x: ValueType): ValueType {
  return { dtype: x.dtype, shape: [...x.shape.slice(0, 2), ...poolWindows(node, x).count] };
}

/**
 * Adds gradients to the places (flat indices of the whole input) that the forward pass found.
 *
 * Where two windows can find the same entry, older operator sets have no scatter that adds: every `apart`-th window is
 * then scattered by itself, since windows so far apart share no entry.
 */
function spreadOut(
  builder: Builder,
  windows: Windows,
  gradient: string,
  found: string,
  shape: readonly number[],
): string {
  const total = sizeOf(shape);
  const apart = windows.strides.map((stride, axis) => Math.ceil(reach(windows, axis) / stride));
  const scatter = (updates: string, places: string, attributes: { reduction?: string }) => {
    const inputs = [places, updates].map((value) =>
      reshapedTo(builder, value, [sizeOf(builder.type(value).shape)]),
    );
    return builder.op("ScatterElements", [zeros(builder, [total]), ...inputs], { axis: 0, ...attributes });
  };
  if (builder.opset >= SCATTER_ADDS && apart.some((step) => step > 1)) {
    return reshapedTo(builder, scatter(gradient, found, { reduction: "add" }), shape);
  }
  const axes = indices(apart.length).map((axis) => axis + 2);
  const parts = offsets(apart.map((step, axis) => Math.min(step, windows.count[axis]))).map((starts) => {
    if (apart.every((step) => step === 1)) return scatter(gradient, found, {});
    const slice = [starts, windows.count, axes, apart].map((list) => builder.ints(list));
    return scatter(builder.op("Slice", [gradient, ...slice]), builder.op("Slice", [found, ...slice]), {});
  });
  const sum = parts.reduce((one, other) => builder.op("Add", [one, other]));
  return reshapedTo(builder, sum, shape);
}

/** Every index of a grid. */
function offsets(sizes: readonly number[]): readonly (readonly number[])[] {
  return sizes.reduce<readonly (readonly number[])[]>(
    (starts, size) => starts.flatMap((start) => indices(size).map((next) => [...start, next])),
    [[]],
  );
}

/** One over the number of entries that each window averages, shaped to multiply a gradient (1 × 1 × windows). */
function sharesOf(builder: Builder, windows: Windows, padsCount: boolean): string {
  const shape = withAxes(windows.count, [0, 1]);
  const byAxis = windows.count.map((n, axis) =>
    indices(n).map((i) => entriesIn(windows, axis, i, padsCount)),
  );
  const shares = offsets(windows.count).map(
    (at) => 1 / at.reduce((entries, i, axis) => entries * byAxis[axis][i], 1),
  );
  return builder.floats(shares, shape);
}

/** How many entries a window has along an axis; padding counts if wanted, but never what lies behind it. */
function entriesIn(windows: Windows, axis: number, index: number, padsCount: boolean): number {
  const { kernel, strides, dilations, before, after, wide } = windows;
  const first = index * strides[axis] - before[axis];
  const [low, high] = padsCount ? [-before[axis], wide[axis] + after[axis]] : [0, wide[axis]];
  return indices(kernel[axis])
    .map((k) => first + k * dilations[axis])
    .filter((at) => at >= low && at < high).length;
}
