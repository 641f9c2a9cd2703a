/** Operators that put values side by side or take them apart. */

import { sizeOf } from "../../tensor/tensor.ts";
import { axisOf, type Inputs, numberOf, required, steering, typesOf } from "../attributes.ts";
import { placed, reduced, reshapedTo, sliced, zeros } from "../emit.ts";
import { FOLD_LIMIT, sourceIndices, strided } from "../fold.ts";
import type { OpNode, OpRule, ValueType } from "../rule.ts";
import { equalShapes, indices, stridesOf } from "../shapes.ts";
import { misfit } from "../unsupported.ts";

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

export const joins: readonly OpRule[] = [concat, split, tile];
