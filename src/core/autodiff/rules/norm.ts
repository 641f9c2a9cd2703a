/**
 * Normalisations. Of x̂ = (x − mean) · r, r = 1 / √(variance + ε), over a set of axes:
 * dx = r · (d − mean(d) − x̂ · mean(d · x̂)), d = the gradient by x̂.
 *
 * BatchNormalization is taken in its inference form: its statistics are constants, also where they are weights to merge.
 */
import { sizeOf } from "../../tensor/tensor.ts";
import { axisOf, numberOf, required } from "../attributes.ts";
import { reduced, reshapedTo, summedTo } from "../emit.ts";
import type { Builder, OpNode, OpRule, ValueType } from "../rule.ts";
import { indices } from "../shapes.ts";
import { misfit, unsupported } from "../unsupported.ts";

const DEFAULT_EPSILON = 1e-5;

/** From this operator set on, GroupNormalization scales by channel; before, by group. */
const SCALE_BY_CHANNEL = 21;

/** A normalised value and one over its standard deviation, broadcast against each other. */
interface Normalised {
  readonly value: string;
  readonly inverse: string;
}

const layerNormalization: OpRule = {
  ops: ["LayerNormalization"],

  infer(node, inputs) {
    const x = required(node, inputs, 0);
    const axis = axisOf(node, numberOf(node, "axis", -1), x.shape.length);
    const statistic: ValueType = {
      dtype: "f32",
      shape: x.shape.map((size, i) => (i < axis ? size : 1)),
    };
    return [{ dtype: x.dtype, shape: x.shape }, statistic, statistic];
  },

  vjp(node, [gradient], wants, builder) {
    if (!gradient) return [];
    const [x, scale, bias] = node.inputs;
    const { shape } = builder.type(x);
    const axis = axisOf(node, numberOf(node, "axis", -1), shape.length);
    const inverse = builder.output(node, 2);
    const centred = builder.op("Sub", [x, builder.output(node, 1)]);
    const normalised = { value: builder.op("Mul", [centred, inverse]), inverse };
    const axes = indices(shape.length).filter((i) => i >= axis);
    return affine(builder, normalised, gradient, { scale, bias, wants }, (byNormalised) =>
      throughStatistics(builder, normalised, byNormalised, axes),
    );
  },
};

const batchNormalization: OpRule = {
  ops: ["BatchNormalization"],

  infer(node, inputs) {
    if (numberOf(node, "training_mode", 0) === 1) {
      throw unsupported(node, "uses the statistics of its batch; export the model in evaluation mode");
    }
    return [required(node, inputs, 0)].map(({ dtype, shape }) => ({ dtype, shape }));
  },

  vjp(node, [gradient], wants, builder) {
    if (!gradient) return [];
    const [x, scale, bias, mean, variance] = node.inputs.map((name, i) =>
      i === 0 ? name : byChannel(builder, name, builder.type(node.inputs[0])),
    );
    const inverse = inverseRoot(builder, variance, epsilonOf(node));
    const normalised = {
      value: wants[1] ? builder.op("Mul", [builder.op("Sub", [x, mean]), inverse]) : x,
      inverse,
    };
    const found = affine(builder, normalised, gradient, { scale, bias, wants }, (byNormalised) =>
      builder.op("Mul", [byNormalised, inverse]),
    );
    return asChannels(builder, found, node);
  },
};

const instanceNormalization: OpRule = {
  ops: ["InstanceNormalization"],

  infer(node, inputs) {
    return [required(node, inputs, 0)].map(({ dtype, shape }) => ({ dtype, shape }));
  },

  vjp(node, [gradient], wants, builder) {
    if (!gradient) return [];
    const x = builder.type(node.inputs[0]);
    const axes = indices(x.shape.length).slice(2);
    const normalised = normalisedOver(builder, node.inputs[0], axes, epsilonOf(node));
    const [scale, bias] = node.inputs.slice(1).map((name) => byChannel(builder, name, x));
    const found = affine(builder, normalised, gradient, { scale, bias, wants }, (byNormalised) =>
      throughStatistics(builder, normalised, byNormalised, axes),
    );
    return asChannels(builder, found, node);
  },
};

const groupNormalization: OpRule = {
  ops: ["GroupNormalization"],

  infer(node, inputs, opset) {
    const { dtype, shape } = required(node, inputs, 0);
    const groups = numberOf(node, "num_groups", 1);
    const scale = required(node, inputs, 1);
    const scales = opset >= SCALE_BY_CHANNEL ? shape[1] : groups;
    if (shape[1] % groups !== 0 || sizeOf(scale.shape) !== scales) throw misfit(node, [shape, scale.shape]);
    return [{ dtype, shape }];
  },

  vjp(node, [gradient], wants, builder) {
    if (!gradient) return [];
    const { shape } = builder.type(node.inputs[0]);
    const [n, channels, ...spatial] = shape;
    const groups = numberOf(node, "num_groups", 1);
    const grouped = [n, groups, channels / groups, sizeOf(spatial)];
    const normalised = normalisedOver(
      builder,
      reshapedTo(builder, node.inputs[0], grouped),
      [2, 3],
      epsilonOf(node),
    );
    const perChannel = builder.opset >= SCALE_BY_CHANNEL ? channels / groups : 1;
    const [scale, bias] = node.inputs
      .slice(1)
      .map((name) => reshapedTo(builder, name, [1, groups, perChannel, 1]));
    const byOutput = reshapedTo(builder, gradient, grouped);
    const found = affine(builder, normalised, byOutput, { scale, bias, wants }, (byNormalised) =>
      throughStatistics(builder, normalised, byNormalised, [2, 3]),
    );
    return asChannels(builder, found, node);
  },
};

export const norm: readonly OpRule[] = [
  layerNormalization,
  batchNormalization,
  instanceNormalization,
  groupNormalization,
];

function epsilonOf(node: OpNode): number {
  return numberOf(node, "epsilon", DEFAULT_EPSILON);
}

/** A vector over channels, shaped to broadcast against (N × C × …). */
function byChannel(builder: Builder, vector: string, { shape }: ValueType): string {
  return reshapedTo(
    builder,
    vector,
    shape.slice(1).map((size, i) => (i === 0 ? size : 1)),
  );
}

/** Gradients in the shapes of the node's inputs. */
function asChannels(
  builder: Builder,
  gradients: readonly (string | undefined)[],
  node: OpNode,
): readonly (string | undefined)[] {
  return gradients.map(
    (gradient, i) => gradient && reshapedTo(builder, gradient, builder.type(node.inputs[i]).shape),
  );
}

/** 1 / √(variance + ε). */
function inverseRoot(builder: Builder, variance: string, epsilon: number): string {
  const shifted = builder.op("Add", [variance, builder.scalar(epsilon)]);
  return builder.op("Reciprocal", [builder.op("Sqrt", [shifted])]);
}

/** Normalises again, for operators that keep no statistics. */
function normalisedOver(builder: Builder, x: string, axes: readonly number[], epsilon: number): Normalised {
  const centred = builder.op("Sub", [x, reduced(builder, "ReduceMean", x, axes, true)]);
  const squares = builder.op("Mul", [centred, centred]);
  const inverse = inverseRoot(builder, reduced(builder, "ReduceMean", squares, axes, true), epsilon);
  return { value: builder.op("Mul", [centred, inverse]), inverse };
}

/** Gradients by x, scale and bias of y = scale · normalised + bias; those of scale and bias in their shapes. */
function affine(
  builder: Builder,
  normalised: Normalised,
  gradient: string,
  { scale, bias, wants }: { scale: string; bias?: string; wants: readonly boolean[] },
  byX: (byNormalised: string) => string,
): readonly (string | undefined)[] {
  const byScale = () =>
    summedTo(builder, builder.op("Mul", [gradient, normalised.value]), builder.type(scale).shape);
  return [
    wants[0] ? byX(builder.op("Mul", [gradient, scale])) : undefined,
    wants[1] ? byScale() : undefined,
    wants[2] && bias ? summedTo(builder, gradient, builder.type(bias).shape) : undefined,
  ];
}

/** The gradient by what was normalised with statistics of its own. */
function throughStatistics(
  builder: Builder,
  { value, inverse }: Normalised,
  gradient: string,
  axes: readonly number[],
): string {
  const mean = reduced(builder, "ReduceMean", gradient, axes, true);
  const slope = reduced(builder, "ReduceMean", builder.op("Mul", [gradient, value]), axes, true);
  const centred = builder.op("Sub", [gradient, mean]);
  return builder.op("Mul", [builder.op("Sub", [centred, builder.op("Mul", [value, slope])]), inverse]);
}
