/** Small pieces of backward graphs that many rules write, in the form that the opset wants. */
import { dtypeInfo } from "../tensor/dtype.ts";
import type { Builder, ElementType } from "./rule.ts";
import { equalShapes, indices } from "./shapes.ts";

/** First operator set in which all reductions take their axes as an input; ReduceSum has since 13. */
const REDUCE_AXES_INPUT = 18;

/** Smallest normal f32. */
const TINY = 2 ** -126;

export type Reduction = "ReduceSum" | "ReduceMean" | "ReduceMax" | "ReduceMin";

/** Reduces over the axes, which are not empty. */
export function reduced(
  builder: Builder,
  op: Reduction,
  value: string,
  axes: readonly number[],
  keepdims: boolean,
): string {
  const keep = { keepdims: keepdims ? 1 : 0 };
  return op === "ReduceSum" || builder.opset >= REDUCE_AXES_INPUT
    ? builder.op(op, [value, builder.ints(axes)], keep)
    : builder.op(op, [value], { ...keep, axes });
}

/** The gradient of a value that was broadcast to the gradient's shape: the sum over what it was repeated along. */
export function summedTo(builder: Builder, gradient: string, shape: readonly number[]): string {
  const from = builder.type(gradient).shape;
  if (equalShapes(from, shape)) return gradient;
  const lead = from.length - shape.length;
  const repeated = indices(from.length).filter((i) => i >= lead && shape[i - lead] === 1 && from[i] > 1);
  const axes = [...indices(lead), ...repeated];
  const onlyRepeated = lead === 0;
  const sum = axes.length === 0 ? gradient : reduced(builder, "ReduceSum", gradient, axes, onlyRepeated);
  return reshapedTo(builder, sum, shape);
}

/** The value under another shape of as many entries; itself where the shape is the same. */
export function reshapedTo(builder: Builder, value: string, shape: readonly number[]): string {
  if (equalShapes(builder.type(value).shape, shape)) return value;
  return builder.op("Reshape", [value, builder.ints(shape)]);
}

/** The value repeated to the shape that it broadcasts to. */
export function expandedTo(builder: Builder, value: string, shape: readonly number[]): string {
  if (equalShapes(builder.type(value).shape, shape)) return value;
  return builder.op("Expand", [value, builder.ints(shape)]);
}

export function transposed(builder: Builder, value: string, perm: readonly number[]): string {
  return perm.every((axis, i) => axis === i) ? value : builder.op("Transpose", [value], { perm });
}

export function scaled(builder: Builder, value: string, factor: number): string {
  return factor === 1 ? value : builder.op("Mul", [value, builder.scalar(factor)]);
}

export function cast(builder: Builder, value: string, dtype: ElementType): string {
  return builder.type(value).dtype === dtype
    ? value
    : builder.op("Cast", [value], { to: dtypeInfo[dtype].onnx });
}

/** Gradient ÷ a value that is not negative; 0 ÷ 0 is 0, so that an example of weight 0 does no harm. */
export function quotient(builder: Builder, gradient: string, value: string): string {
  return builder.op("Div", [gradient, builder.op("Max", [value, builder.scalar(TINY)])]);
}

/** log x where x is positive, else 0. */
export function logOrZero(builder: Builder, x: string): string {
  const isPositive = builder.op("Greater", [x, builder.scalar(0)]);
  return where(builder, isPositive, builder.op("Log", [x]));
}

/** The value where the condition holds, else 0; unlike a product with a mask, infinities do not become NaNs. */
export function where(builder: Builder, condition: string, value: string): string {
  return builder.op("Where", [condition, value, builder.scalar(0)]);
}

/**
 * The gradient of a whole of which `gradient` belongs to the part [start, start + its size) along one axis; 0 elsewhere.
 * Parts of one value along one axis that do not overlap are joined by a single Concat, so write them with this.
 */
export function placed(
  builder: Builder,
  gradient: string,
  axis: number,
  start: number,
  whole: number,
): string {
  const { shape } = builder.type(gradient);
  const rest = whole - start - shape[axis];
  if (start === 0 && rest === 0) return gradient;
  const pads = new Array<number>(2 * shape.length).fill(0);
  pads[axis] = start;
  pads[shape.length + axis] = rest;
  return builder.op("Pad", [gradient, builder.ints(pads)]);
}

/** Entries start, start + step, … before end along one axis, as Slice counts them. */
export function sliced(
  builder: Builder,
  value: string,
  axis: number,
  start: number,
  end: number,
  step = 1,
): string {
  return builder.op("Slice", [
    value,
    builder.ints([start]),
    builder.ints([end]),
    builder.ints([axis]),
    builder.ints([step]),
  ]);
}

/** A new value of f32 zeros. */
export function zeros(builder: Builder, shape: readonly number[]): string {
  return builder.op("ConstantOfShape", [builder.ints(shape)]);
}
