/** Reductions over axes, which are an attribute or, in newer operator sets, an input. */

import { sizeOf } from "../../tensor/tensor.ts";
import { axesOf, type Inputs, numberOf, required, typesOf } from "../attributes.ts";
import { cast, expandedTo, quotient, reduced, reshapedTo, scaled } from "../emit.ts";
import { FOLD_LIMIT, sourceIndices } from "../fold.ts";
import type { Builder, OpNode, OpRule, ValueType } from "../rule.ts";
import { indices, stridesOf, withoutAxes } from "../shapes.ts";
import { unsupported } from "../unsupported.ts";

interface Reduction {
  readonly op: string;
  readonly fold: (values: readonly number[]) => number;
  /**
   * Writes the gradient by x.
   *
   * @param gradient and y in the shape that keeps reduced axes with size 1, as they broadcast to x
   */
  readonly slope: (at: {
    readonly gradient: string;
    readonly x: string;
    readonly y: string;
    readonly axes: readonly number[];
    readonly node: OpNode;
    readonly builder: Builder;
  }) => string;
}

const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
const sumOfSquares = (values: readonly number[]) => values.reduce((a, b) => a + b * b, 0);

/** Where several entries are the extreme one, they share the gradient. */
const extreme: Reduction["slope"] = ({ gradient, x, y, axes, builder }) => {
  const chosen = cast(builder, builder.op("Equal", [x, y]), "f32");
  const ties = reduced(builder, "ReduceSum", chosen, axes, true);
  return builder.op("Mul", [chosen, builder.op("Div", [gradient, ties])]);
};

const reductions: readonly Reduction[] = [
  {
    op: "ReduceSum",
    fold: sum,
    slope: ({ gradient, x, builder }) => expandedTo(builder, gradient, builder.type(x).shape),
  },
  {
    op: "ReduceMean",
    fold: (values) => sum(values) / values.length,
    slope: ({ gradient, x, axes, builder }) => {
      const { shape } = builder.type(x);
      const n = axes.reduce((product, axis) => product * shape[axis], 1);
      return expandedTo(builder, scaled(builder, gradient, 1 / n), shape);
    },
  },
  { op: "ReduceMax", fold: (values) => Math.max(...values), slope: extreme },
  { op: "ReduceMin", fold: (values) => Math.min(...values), slope: extreme },
  {
    op: "ReduceSumSquare",
    fold: sumOfSquares,
    slope: ({ gradient, x, builder }) => builder.op("Mul", [x, scaled(builder, gradient, 2)]),
  },
  {
    op: "ReduceL2",
    fold: (values) => Math.sqrt(sumOfSquares(values)),
    slope: ({ gradient, x, y, builder }) => builder.op("Mul", [x, quotient(builder, gradient, y)]),
  },
  {
    op: "ReduceL1",
    fold: (values) => sum(values.map(Math.abs)),
    slope: ({ gradient, x, builder }) => builder.op("Mul", [builder.op("Sign", [x]), gradient]),
  },
  {
    op: "ReduceLogSumExp",
    fold: (values) => Math.log(sum(values.map(Math.exp))),
    slope: ({ gradient, x, y, builder }) =>
      builder.op("Mul", [builder.op("Exp", [builder.op("Sub", [x, y])]), gradient]),
  },
  {
    op: "ReduceProd",
    fold: (values) => values.reduce((a, b) => a * b, 1),
    slope: ({ node }) => {
      throw unsupported(node);
    },
  },
];

/** Axes that a node reduces over, from the front; none where it is asked to do nothing. */
function reducedAxes(node: OpNode, inputs: Inputs): readonly number[] {
  const { shape } = required(node, inputs, 0);
  const axes = axesOf(node, inputs, 1, shape.length);
  if (axes && axes.length > 0) return axes;
  return numberOf(node, "noop_with_empty_axes", 0) === 1 ? [] : indices(shape.length);
}

function rule({ op, fold, slope }: Reduction): OpRule {
  return {
    ops: [op],
    infer: (node, inputs) => {
      const input = required(node, inputs, 0);
      const axes = reducedAxes(node, inputs);
      const keeps = numberOf(node, "keepdims", 1) === 1;
      const kept = input.shape.map((size, i) => (axes.includes(i) ? 1 : size));
      const shape = keeps ? kept : withoutAxes(input.shape, axes);
      return [{ ...folded(input, axes, fold), dtype: input.dtype, shape }];
    },
    vjp: (node, [given], _wants, builder) => {
      if (!given) return [];
      const { inputs, outputs } = node;
      const axes = reducedAxes(node, typesOf(node, builder));
      const [x] = inputs;
      const kept = builder.type(x).shape.map((size, i) => (axes.includes(i) ? 1 : size));
      const gradient = reshapedTo(builder, given, kept);
      const y = reshapedTo(builder, outputs[0], kept);
      return [slope({ gradient, x, y, axes, node, builder })];
    },
  };
}

/** The reduced values, where the input's are known. */
function folded(
  { shape, constant }: ValueType,
  axes: readonly number[],
  fold: Reduction["fold"],
): { readonly constant?: readonly number[] } {
  if (!constant || sizeOf(shape) > FOLD_LIMIT) return {};
  const strides = stridesOf(shape);
  const pick = (chosen: (axis: number) => boolean) => {
    const own = indices(shape.length).filter(chosen);
    return sourceIndices(
      own.map((axis) => shape[axis]),
      own.map((axis) => strides[axis]),
    );
  };
  const inside = pick((axis) => axes.includes(axis));
  const outside = pick((axis) => !axes.includes(axis));
  return { constant: outside.map((start) => fold(inside.map((offset) => constant[start + offset]))) };
}

export const reduce: readonly OpRule[] = reductions.map(rule);
