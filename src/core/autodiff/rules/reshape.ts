/** Operators that give the same entries another shape, order or type. */

import { dtypeOfOnnx } from "../../tensor/dtype.ts";
import { sizeOf } from "../../tensor/tensor.ts";
import { axesOf, axisOf, type Inputs, numberOf, numbersOf, required, steering } from "../attributes.ts";
import { reshapedTo, summedTo, transposed } from "../emit.ts";
import { filled, reshaped, rounded, strided } from "../fold.ts";
import type { OpNode, OpRule, ValueType } from "../rule.ts";
import { broadcastShape, indices, stridesOf, withAxes, withoutAxes } from "../shapes.ts";
import { elementType } from "../stored.ts";
import { misfit, unsupported } from "../unsupported.ts";

/** Operators after which the entries are the same, in the same order. */
function relabelling(
  op: string,
  shapeOf: (node: OpNode, input: ValueType, inputs: Inputs) => readonly number[],
): OpRule {
  return {
    ops: [op],
    infer: (node, inputs) => {
      const input = required(node, inputs, 0);
      const shape = shapeOf(node, input, inputs);
      if (sizeOf(shape) !== sizeOf(input.shape)) throw misfit(node, [input.shape, shape]);
      return [reshaped(input, shape)];
    },
    vjp: ({ inputs }, [gradient], _wants, builder) => [
      gradient && reshapedTo(builder, gradient, builder.type(inputs[0]).shape),
    ],
  };
}

/** −1 stands for what is left, 0 for the input's own size unless `allowzero`. */
function reshapeTarget(node: OpNode, { shape }: ValueType, inputs: Inputs): readonly number[] {
  const target = steering(node, inputs, 1) ?? [];
  const copies = numberOf(node, "allowzero", 0) === 0;
  const sizes = target.map((size, i) => (size === 0 && copies ? (shape[i] ?? 0) : size));
  const known = sizes.reduce((product, size) => (size === -1 ? product : product * size), 1);
  return sizes.map((size) => (size === -1 ? sizeOf(shape) / known : size));
}

function flattened(node: OpNode, { shape }: ValueType): readonly number[] {
  const axis = numberOf(node, "axis", 1);
  const at = axis < 0 ? axis + shape.length : axis;
  return [sizeOf(shape.slice(0, at)), sizeOf(shape.slice(at))];
}

function squeezed(node: OpNode, { shape }: ValueType, inputs: Inputs): readonly number[] {
  const axes = axesOf(node, inputs, 1, shape.length);
  return withoutAxes(shape, axes ?? indices(shape.length).filter((i) => shape[i] === 1));
}

function unsqueezed(node: OpNode, { shape }: ValueType, inputs: Inputs): readonly number[] {
  const axes = steering(node, inputs, 1) ?? numbersOf(node, "axes") ?? [];
  const rank = shape.length + axes.length;
  return withAxes(
    shape,
    axes.map((axis) => axisOf(node, axis, rank)),
  );
}

const transpose: OpRule = {
  ops: ["Transpose"],
  infer: (node, inputs) => {
    const input = required(node, inputs, 0);
    const perm = permutation(node, input.shape.length);
    const strides = stridesOf(input.shape);
    return [
      strided(
        input,
        perm.map((axis) => input.shape[axis]),
        perm.map((axis) => strides[axis]),
      ),
    ];
  },
  vjp: (node, [gradient], _wants, builder) => {
    if (!gradient) return [];
    const perm = permutation(node, builder.type(gradient).shape.length);
    return [
      transposed(
        builder,
        gradient,
        indices(perm.length).map((axis) => perm.indexOf(axis)),
      ),
    ];
  },
};

function permutation(node: OpNode, rank: number): readonly number[] {
  return numbersOf(node, "perm") ?? indices(rank).reverse();
}

const expand: OpRule = {
  ops: ["Expand"],
  infer: (node, inputs) => {
    const input = required(node, inputs, 0);
    const shape = broadcastShape([input.shape, steering(node, inputs, 1) ?? []]);
    if (!shape) throw misfit(node, [input.shape, steering(node, inputs, 1) ?? []]);
    return [strided(input, shape, stridesOf(input.shape, shape.length))];
  },
  vjp: ({ inputs }, [gradient], _wants, builder) => [
    gradient && summedTo(builder, gradient, builder.type(inputs[0]).shape),
  ],
};

const identity: OpRule = {
  ops: ["Identity"],
  infer: (node, inputs) => [required(node, inputs, 0)],
  vjp: (_node, [gradient]) => [gradient],
};

/** As in inference: nothing is dropped. */
const dropout: OpRule = {
  ops: ["Dropout"],
  infer: (node, inputs) => {
    const input = required(node, inputs, 0);
    const training = inputs[2];
    if (training && training.constant?.[0] !== 0) {
      throw unsupported(node, "drops at random; export the model in evaluation mode");
    }
    return [input, { dtype: "bool", shape: input.shape }];
  },
  vjp: (_node, [gradient]) => [gradient],
};

/** Between floats the gradient passes; integers have none. Graphs in other floats than f32 are refused elsewhere. */
const castRule: OpRule = {
  ops: ["Cast"],
  infer: (node, inputs) => {
    const { shape, constant } = required(node, inputs, 0);
    const to = dtypeOfOnnx(numberOf(node, "to", 0));
    if (!to) throw unsupported(node, "casts to a type that is not supported here");
    const dtype = elementType(to, node.outputs[0]);
    return [
      constant
        ? { dtype, shape, constant: constant.map((value) => rounded(value, dtype)) }
        : { dtype, shape },
    ];
  },
  vjp: ({ inputs, outputs }, [gradient], _wants, builder) =>
    builder.type(inputs[0]).dtype === "f32" && builder.type(outputs[0]).dtype === "f32" ? [gradient] : [],
};

const shape: OpRule = {
  ops: ["Shape"],
  infer: (node, inputs) => {
    const all = required(node, inputs, 0).shape;
    const sizes = all.slice(numberOf(node, "start", 0), numberOf(node, "end", all.length));
    return [{ dtype: "i64", shape: [sizes.length], constant: sizes }];
  },
};

const size: OpRule = {
  ops: ["Size"],
  infer: (node, inputs) => [filled("i64", [], sizeOf(required(node, inputs, 0).shape))],
};

export const reshape: readonly OpRule[] = [
  relabelling("Reshape", reshapeTarget),
  relabelling("Flatten", flattened),
  relabelling("Squeeze", squeezed),
  relabelling("Unsqueeze", unsqueezed),
  transpose,
  expand,
  identity,
  dropout,
  castRule,
  shape,
  size,
];
