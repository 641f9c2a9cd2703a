/** Operators that cut a part out of a value, or put zeros around it. */
import { sizeOf } from "../../tensor/tensor.ts";
import { axisOf, type Inputs, required, steering, textOf, typesOf } from "../attributes.ts";
import { reshapedTo, sliced } from "../emit.ts";
import { strided } from "../fold.ts";
import type { Builder, OpNode, OpRule } from "../rule.ts";
import { indices, stridesOf } from "../shapes.ts";
import { unsupported } from "../unsupported.ts";

/** What a Slice takes along one axis: count entries from `start` on, `step` apart. */
interface Cut {
  readonly axis: number;
  readonly start: number;
  readonly step: number;
  readonly count: number;
}

const sliceRule: OpRule = {
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

export const slice: readonly OpRule[] = [sliceRule, pad];
