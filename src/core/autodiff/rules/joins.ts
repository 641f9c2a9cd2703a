/** Operators that put values together or take them apart. */

import { sizeOf } from "../../tensor/tensor.ts";
import { axisOf, numberOf, required, steering, textOf } from "../attributes.ts";
import { placed, reduced, reshapedTo, zeros } from "../emit.ts";
import { FOLD_LIMIT, sourceIndices, strided } from "../fold.ts";
import type { Builder, OpNode, OpRule, ValueType } from "../rule.ts";
import { equalShapes, indices, stridesOf } from "../shapes.ts";
import { misfit, unsupported } from "../unsupported.ts";

type Inputs = readonly (ValueType | undefined)[];

const typesOf = (node: OpNode, builder: Builder): Inputs =>
  node.inputs.map((name) => (name === "" ? undefined : builder.type(name)));

const concat: OpRule = {
  ops: ["Concat"],
  infer: (node, inputs) => {
    const types = inputs.map((_, i) => required(node, inputs, i));
    const [{ dtype, shape: first }] = types;
    const axis = axisOf(node, numberOf(node, "axis", 0), first.length);
    const shapes = types.map((type) => type.shape);
    if (
      shapes.some(
        (other) => other.length !== first.length || !equalShapes(other.with(axis, 0), first.with(axis, 0)),
      )
    )
      throw misfit(node, shapes);
    const shape = first.with(
      axis,
      shapes.reduce((sum, other) => sum + other[axis], 0),
    );
    return [{ ...joined(types, shape, axis), dtype, shape }];
  },
  vjp: (node, [gradient], wants, builder) => {
    if (!gradient) return [];
    const shapes = node.inputs.map((name) => builder.type(name).shape);
    const axis = axisOf(node, numberOf(node, "axis", 0), shapes[0].length);
    const sizes = shapes.map((shape) => shape[axis]);
    if (sizes.length === 1) return [gradient];
    const wanted = wants.filter(Boolean).length;
    if (wanted > 1) return builder.ops("Split", [gradient, builder.ints(sizes)], sizes.length, { axis });
    return sizes.map((size, i) => {
      if (!wants[i]) return undefined;
      const start = sizes.slice(0, i).reduce((a, b) => a + b, 0);
      return sliced(builder, gradient, axis, start, start + size);
    });
  },
};

/** The values one after the other along the axis, where all are known. */
function joined(types: readonly ValueType[], shape: readonly number[], axis: number) {
  const known = types.flatMap(({ constant }) => (constant ? [constant] : []));
  if (known.length < types.length || sizeOf(shape) > FOLD_LIMIT) return {};
  const constant: number[] = [];
  for (let row = 0; row < sizeOf(shape.slice(0, axis)); row++) {
    for (const [k, values] of known.entries()) {
      const run = sizeOf(types[k].shape.slice(axis));
      constant.push(...values.slice(row * run, (row + 1) * run));
    }
  }
  return { constant };
}

function sliced(builder: Builder, value: string, axis: number, start: number, end: number, step = 1): string {
  return builder.op("Slice", [
    value,
    builder.ints([start]),
    builder.ints([end]),
    builder.ints([axis]),
    builder.ints([step]),
  ]);
}

const split: OpRule = {
  ops: ["Split"],
  infer: (node, inputs) => {
    const input = required(node, inputs, 0);
    const { axis, sizes } = splitSizes(node, inputs);
    const strides = stridesOf(input.shape);
    let start = 0;
    return sizes.map((size) => {
      const part = strided(input, input.shape.with(axis, size), strides, start * strides[axis]);
      start += size;
      return part;
    });
  },
  vjp: (node, gradients, _wants, builder) => {
    const { axis, sizes, shape } = splitSizes(node, typesOf(node, builder));
    const given = gradients.flatMap((gradient, i) => (gradient === undefined ? [] : [{ gradient, i }]));
    if (given.length === 1) {
      const [{ gradient, i }] = given;
      const start = sizes.slice(0, i).reduce((a, b) => a + b, 0);
      return [placed(builder, gradient, axis, start, shape[axis])];
    }
    const all = sizes.map((size, i) => gradients[i] ?? zeros(builder, shape.with(axis, size)));
    return [builder.op("Concat", all, { axis })];
  },
};

/** By sizes, or evenly with a smaller last part. */
function splitSizes(node: OpNode, inputs: Inputs) {
  const { shape } = required(node, inputs, 0);
  const axis = axisOf(node, numberOf(node, "axis", 0), shape.length);
  const named = steering(node, inputs, 1);
  if (named) return { axis, shape, sizes: named };
  const parts = numberOf(node, "num_outputs", node.outputs.length);
  const each = Math.ceil(shape[axis] / parts);
  const sizes = indices(parts).map((i) => Math.max(0, Math.min(each, shape[axis] - i * each)));
  return { axis, shape, sizes };
}

/** What a Slice takes along one axis: count entries from `start` on, `step` apart. */
interface Cut {
  readonly axis: number;
  readonly start: number;
  readonly step: number;
  readonly count: number;
}

const slice: OpRule = {
  ops: ["Slice"],
  infer: (node, inputs) => {
    const input = required(node, inputs, 0);
    const strides = stridesOf(input.shape);
    let { shape } = input;
    let offset = 0;
    const steps = [...strides];
    for (const { axis, start, step, count } of cutsOf(node, inputs)) {
      shape = shape.with(axis, count);
      offset += start * strides[axis];
      steps[axis] = strides[axis] * step;
    }
    return [strided(input, shape, steps, offset)];
  },
  vjp: (node, [gradient], _wants, builder) => {
    if (!gradient) return [];
    const { shape } = builder.type(node.inputs[0]);
    if (sizeOf(builder.type(gradient).shape) === 0) return [undefined];
    return [spread(builder, gradient, cutsOf(node, typesOf(node, builder)), shape)];
  },
};

function cutsOf(node: OpNode, inputs: Inputs): readonly Cut[] {
  const { shape } = required(node, inputs, 0);
  const starts = steering(node, inputs, 1) ?? [];
  const ends = steering(node, inputs, 2) ?? [];
  const axes = steering(node, inputs, 3) ?? indices(starts.length);
  const steps = steering(node, inputs, 4) ?? starts.map(() => 1);
  return axes.map((given, i) => {
    const axis = axisOf(node, given, shape.length);
    const size = shape[axis];
    const step = steps[i];
    const from = (value: number) => (value < 0 ? value + size : value);
    const [low, high] = step > 0 ? [0, size] : [-1, size - 1];
    const start = Math.max(step > 0 ? 0 : low + 1, Math.min(high, from(starts[i])));
    const end = Math.max(low, Math.min(high, from(ends[i])));
    return { axis, start, step, count: Math.max(0, Math.ceil((end - start) / step)) };
  });
}

/** The gradient put back where its entries were taken from, with zeros between and around. */
function spread(builder: Builder, gradient: string, cuts: readonly Cut[], whole: readonly number[]): string {
  let value = gradient;
  const before = whole.map(() => 0);
  for (const { axis, start, step, count } of cuts) {
    if (step < 0) value = sliced(builder, value, axis, -1, -Number.MAX_SAFE_INTEGER, -1);
    before[axis] = step < 0 ? start + (count - 1) * step : start;
    value = spacedOut(builder, value, axis, Math.abs(step));
  }
  const { shape } = builder.type(value);
  const after = whole.map((size, i) => size - before[i] - shape[i]);
  const isPadded = [...before, ...after].some((pad) => pad !== 0);
  return isPadded ? builder.op("Pad", [value, builder.ints([...before, ...after])]) : value;
}

/** Puts step − 1 zeros after every entry along the axis. */
function spacedOut(builder: Builder, value: string, axis: number, step: number): string {
  if (step === 1) return value;
  const { shape } = builder.type(value);
  const apart = reshapedTo(builder, value, shape.toSpliced(axis + 1, 0, 1));
  const pads = new Array<number>(2 * shape.length + 2).fill(0);
  pads[shape.length + 1 + axis + 1] = step - 1;
  const padded = builder.op("Pad", [apart, builder.ints(pads)]);
  return reshapedTo(builder, padded, shape.with(axis, shape[axis] * step));
}

const pad: OpRule = {
  ops: ["Pad"],
  infer: (node, inputs) => {
    const { dtype, shape } = required(node, inputs, 0);
    const pads = padsOf(node, inputs);
    return [{ dtype, shape: shape.map((size, i) => size + pads[i] + pads[shape.length + i]) }];
  },
  vjp: (node, [gradient], wants, builder) => {
    const mode = textOf(node, "mode", "constant");
    if (mode !== "constant") throw unsupported(node, `pads by “${mode}”, which is not differentiated here`);
    if (wants[2]) throw unsupported(node, "pads with a weight, which is not differentiated here");
    if (!gradient) return [];
    const pads = padsOf(node, typesOf(node, builder));
    return [builder.op("Pad", [gradient, builder.ints(pads.map((size) => -size))])];
  },
};

/** Sizes before every axis, then after every axis; negative ones cut away. */
function padsOf(node: OpNode, inputs: Inputs): readonly number[] {
  const rank = required(node, inputs, 0).shape.length;
  const given = steering(node, inputs, 1) ?? [];
  const axes = steering(node, inputs, 3)?.map((axis) => axisOf(node, axis, rank)) ?? indices(rank);
  const pads = new Array<number>(2 * rank).fill(0);
  for (const [i, axis] of axes.entries()) {
    pads[axis] = given[i];
    pads[rank + axis] = given[axes.length + i];
  }
  return pads;
}

const tile: OpRule = {
  ops: ["Tile"],
  infer: (node, inputs) => {
    const input = required(node, inputs, 0);
    const repeats = steering(node, inputs, 1) ?? [];
    const shape = input.shape.map((size, i) => size * repeats[i]);
    const { dtype, constant } = input;
    if (!constant || sizeOf(shape) > FOLD_LIMIT) return [{ dtype, shape }];
    const apart = input.shape.flatMap((size, i) => [repeats[i], size]);
    const strides = stridesOf(input.shape).flatMap((stride) => [0, stride]);
    return [{ dtype, shape, constant: sourceIndices(apart, strides).map((index) => constant[index]) }];
  },
  vjp: (node, [gradient], _wants, builder) => {
    if (!gradient) return [];
    const [input, repeats] = typesOf(node, builder);
    const shape = input?.shape ?? [];
    const times = repeats?.constant ?? [];
    const apart = reshapedTo(
      builder,
      gradient,
      shape.flatMap((size, i) => [times[i], size]),
    );
    const axes = indices(shape.length).map((i) => 2 * i);
    return [axes.length === 0 ? gradient : reduced(builder, "ReduceSum", apart, axes, false)];
  },
};

export const joins: readonly OpRule[] = [concat, split, slice, pad, tile];
