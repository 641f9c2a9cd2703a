/**
 * Convolutions and transposed convolutions of any rank, grouped, dilated, padded as they like.
 *
 * Each is the other's adjoint: the gradient by the input of one is the other with the same weight. The gradient by the
 * weight is in both a convolution of the wide side by the narrow one, with batch and channels, strides and dilations
 * exchanged.
 */
import { numberOf, required } from "../attributes.ts";
import { reduced, reshapedTo, transposed } from "../emit.ts";
import type { Builder, OpNode, OpRule, ValueType } from "../rule.ts";
import { equalShapes, indices } from "../shapes.ts";
import { misfit } from "../unsupported.ts";
import { slideAttributes, transposeAttributes, type Windows, windowsOver, windowsUnder } from "../windows.ts";

const convolution: OpRule = {
  ops: ["Conv"],

  infer(node, inputs) {
    const x = required(node, inputs, 0);
    const weight = required(node, inputs, 1);
    const { count } = convWindows(node, x, weight);
    return [{ dtype: x.dtype, shape: [x.shape[0], weight.shape[0], ...count] }];
  },

  vjp(node, [gradient], wants, builder) {
    if (!gradient) return [];
    const [x, weight] = node.inputs;
    const windows = convWindows(node, builder.type(x), builder.type(weight));
    const group = numberOf(node, "group", 1);
    return [
      wants[0]
        ? builder.op("ConvTranspose", [gradient, weight], { group, ...transposeAttributes(windows) })
        : undefined,
      wants[1] ? weightGradient(builder, windows, group, x, gradient) : undefined,
      wants[2] ? perChannel(builder, gradient) : undefined,
    ];
  },
};

const transposedConvolution: OpRule = {
  ops: ["ConvTranspose"],

  infer(node, inputs) {
    const x = required(node, inputs, 0);
    const weight = required(node, inputs, 1);
    const { wide } = transposeWindows(node, x, weight);
    return [{ dtype: x.dtype, shape: [x.shape[0], weight.shape[1] * numberOf(node, "group", 1), ...wide] }];
  },

  vjp(node, [gradient], wants, builder) {
    if (!gradient) return [];
    const [x, weight] = node.inputs;
    const windows = transposeWindows(node, builder.type(x), builder.type(weight));
    const group = numberOf(node, "group", 1);
    return [
      wants[0] ? builder.op("Conv", [gradient, weight], { group, ...slideAttributes(windows) }) : undefined,
      wants[1] ? weightGradient(builder, windows, group, gradient, x) : undefined,
      wants[2] ? perChannel(builder, gradient) : undefined,
    ];
  },
};

export const conv: readonly OpRule[] = [convolution, transposedConvolution];

function convWindows(node: OpNode, x: ValueType, weight: ValueType): Windows {
  const group = numberOf(node, "group", 1);
  const fits = x.shape.length === weight.shape.length && x.shape[1] === weight.shape[1] * group;
  if (!fits) throw misfit(node, [x.shape, weight.shape]);
  return windowsOver(node, x.shape.slice(2), weight.shape.slice(2));
}

function transposeWindows(node: OpNode, x: ValueType, weight: ValueType): Windows {
  const fits = x.shape.length === weight.shape.length && x.shape[1] === weight.shape[0];
  if (!fits) throw misfit(node, [x.shape, weight.shape]);
  return windowsUnder(node, x.shape.slice(2), weight.shape.slice(2));
}

/**
 * The gradient by a weight (narrow channels × wide channels / group × kernel).
 *
 * @param wide (N × wide channels × …) what the windows slide over; `narrow` (N × narrow channels × …) has one entry per window
 */
function weightGradient(
  builder: Builder,
  windows: Windows,
  group: number,
  wide: string,
  narrow: string,
): string {
  const swap = [1, 0, ...indices(windows.wide.length).map((axis) => axis + 2)];
  const { strides, dilations, pads } = slideAttributes(windows);
  const found = builder.op(
    "Conv",
    [groupsAsChannels(builder, wide, group), transposed(builder, narrow, swap)],
    { group, pads, strides: dilations, dilations: strides },
  );
  return transposed(builder, cropped(builder, found, windows.kernel), swap);
}

/** (N × C × …) as (C / group × group · N × …): examples become channels, and every group keeps to its own. */
function groupsAsChannels(builder: Builder, value: string, group: number): string {
  const [n, channels, ...spatial] = builder.type(value).shape;
  const rest = indices(spatial.length);
  if (group === 1) return transposed(builder, value, [1, 0, ...rest.map((axis) => axis + 2)]);
  const split = reshapedTo(builder, value, [n, group, channels / group, ...spatial]);
  const turned = transposed(builder, split, [2, 1, 0, ...rest.map((axis) => axis + 3)]);
  return reshapedTo(builder, turned, [channels / group, group * n, ...spatial]);
}

/** The first entries along the spatial axes: windows that end before the padding leave some behind. */
function cropped(builder: Builder, value: string, spatial: readonly number[]): string {
  const { shape } = builder.type(value);
  if (equalShapes(shape.slice(2), spatial)) return value;
  const axes = indices(spatial.length).map((axis) => axis + 2);
  const starts = axes.map(() => 0);
  return builder.op("Slice", [value, builder.ints(starts), builder.ints(spatial), builder.ints(axes)]);
}

/** The sum over examples and positions. */
function perChannel(builder: Builder, gradient: string): string {
  const axes = indices(builder.type(gradient).shape.length).filter((axis) => axis !== 1);
  return reduced(builder, "ReduceSum", gradient, axes, false);
}
