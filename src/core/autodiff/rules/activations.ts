/** Activation functions. */
import { numberOf, textOf } from "../attributes.ts";
import { scaled, summedTo, where } from "../emit.ts";
import type { Builder, OpNode, OpRule } from "../rule.ts";
import { likeInput } from "./elementwise.ts";

/** What a slope is written with. */
interface At {
  readonly gradient: string;
  readonly x: string;
  readonly y: string;
  readonly node: OpNode;
  readonly b: Builder;
}

/** A function of one value; `slope` writes gradient · derivative. */
function activation(op: string, slope: (at: At) => string): OpRule {
  return {
    ops: [op],
    infer: likeInput,
    vjp: (node, [gradient], _wants, b) => [
      gradient && slope({ gradient, x: node.inputs[0], y: node.outputs[0], node, b }),
    ],
  };
}

const isPositive = (b: Builder, x: string) => b.op("Greater", [x, b.scalar(0)]);

/** a · x + c for numbers a and c. */
function affine(b: Builder, x: string, a: number, c: number): string {
  return b.op("Add", [scaled(b, x, a), b.scalar(c)]);
}

/** gradient · (1 where x > 0, else the slope of the left side). */
function leftSlope({ gradient, x, b }: At, slope: string): string {
  return b.op("Where", [isPositive(b, x), gradient, b.op("Mul", [gradient, slope])]);
}

/** y (1 − y). */
const logisticSlope = (b: Builder, y: string) => b.op("Sub", [y, b.op("Mul", [y, y])]);

/** 1 − t². */
const tanhSlope = (b: Builder, t: string) => b.op("Sub", [b.scalar(1), b.op("Mul", [t, t])]);

/** log(2/√π): the slope of erf at 0. */
const LOG_2_ROOT_PI = Math.log(2 / Math.sqrt(Math.PI));

const prelu: OpRule = {
  ops: ["PRelu"],
  infer: likeInput,
  vjp: ({ inputs: [x, slope] }, [gradient], [wantsX, wantsSlope], b) => {
    if (!gradient) return [];
    const dSlope = () =>
      summedTo(b, b.op("Mul", [gradient, b.op("Min", [x, b.scalar(0)])]), b.type(slope).shape);
    const dX = () => b.op("Where", [isPositive(b, x), gradient, b.op("Mul", [gradient, slope])]);
    return [wantsX ? dX() : undefined, wantsSlope ? dSlope() : undefined];
  },
};

/**
 * x Φ(x): its derivative is Φ(x) + x φ(x). Φ is what the forward pass multiplied x by, which is a third cheaper than
 * a second erf (measured); at 0 it is ½.
 */
function exactGelu({ gradient, x, y, b }: At): string {
  const isZero = b.op("Equal", [x, b.scalar(0)]);
  const share = b.op("Where", [isZero, b.scalar(0.5), b.op("Div", [y, x])]);
  const steep = b.op("Exp", [scaled(b, b.op("Mul", [x, x]), 0.5)]);
  const bell = scaled(b, b.op("Div", [x, steep]), 1 / Math.sqrt(2 * Math.PI));
  return b.op("Mul", [gradient, b.op("Add", [share, bell])]);
}

/** Of the cubic inside the tanh: √(2/π) (x + 0.044715 x³). Source: arXiv:1606.08415 §2. */
const CUBIC = 0.044715;
const ROOT_2_PI = Math.sqrt(2 / Math.PI);

/** ½ x (1 + tanh u): its derivative is ½ (1 + tanh u + x (1 − tanh² u) u′). */
function tanhGelu({ gradient, x, b }: At): string {
  const square = b.op("Mul", [x, x]);
  const u = b.op("Mul", [x, affine(b, square, ROOT_2_PI * CUBIC, ROOT_2_PI)]);
  const t = b.op("Tanh", [u]);
  const inner = b.op("Mul", [x, affine(b, square, 3 * ROOT_2_PI * CUBIC, ROOT_2_PI)]);
  const sum = b.op("Add", [t, b.op("Mul", [tanhSlope(b, t), inner])]);
  return b.op("Mul", [gradient, affine(b, sum, 0.5, 0.5)]);
}

/** x σ(αx): its derivative is s (1 + αx (1 − s)). */
function quickGelu({ gradient, x, node, b }: At): string {
  const alpha = numberOf(node, "alpha", 1.702);
  const s = b.op("Sigmoid", [scaled(b, x, alpha)]);
  const rest = b.op("Mul", [scaled(b, x, alpha), logisticSlope(b, s)]);
  return b.op("Mul", [gradient, b.op("Add", [s, rest])]);
}

/** A fused activation that adds a bias first, if there is one. */
function biased(op: string, slope: (at: At) => string): OpRule {
  return {
    ops: [op],
    infer: likeInput,
    vjp: (node, [gradient], wants, b) => {
      if (!gradient) return [];
      const [input, bias] = node.inputs;
      const x = bias ? b.op("Add", [input, bias]) : input;
      const whole = slope({ gradient, x, y: node.outputs[0], node, b });
      return [whole, bias && wants[1] ? summedTo(b, whole, b.type(bias).shape) : undefined];
    },
  };
}

/** x · clip(x/6 + ½, 0, 1): between −3 and 3 the derivative is x/3 + ½, outside 0 or 1, as the clip is. */
function hardSwish({ gradient, x, b }: At): string {
  const isInside = b.op("Less", [b.op("Abs", [x]), b.scalar(3)]);
  const outside = b.op("HardSigmoid", [x], { alpha: 1 / 6, beta: 0.5 });
  return b.op("Mul", [gradient, b.op("Where", [isInside, affine(b, x, 1 / 3, 0.5), outside])]);
}

function hardSigmoid({ gradient, y, node, b }: At): string {
  const isInside = b.op("And", [isPositive(b, y), b.op("Less", [y, b.scalar(1)])]);
  return where(b, isInside, scaled(b, gradient, numberOf(node, "alpha", 0.2)));
}

/** x tanh(softplus x): its derivative is t + x (1 − t²) σ(x). */
function mish({ gradient, x, b }: At): string {
  const t = b.op("Tanh", [b.op("Softplus", [x])]);
  const rest = b.op("Mul", [b.op("Mul", [x, b.op("Sigmoid", [x])]), tanhSlope(b, t)]);
  return b.op("Mul", [gradient, b.op("Add", [t, rest])]);
}

/** Scale and α of the self-normalising unit. Source: arXiv:1706.02515 §2; ONNX Selu. */
const SELU_ALPHA = 1.6732631921768188;
const SELU_GAMMA = 1.0507010221481323;

function selu(at: At): string {
  const { y, node, b } = at;
  const gamma = numberOf(node, "gamma", SELU_GAMMA);
  const left = b.op("Add", [y, b.scalar(gamma * numberOf(node, "alpha", SELU_ALPHA))]);
  return b.op("Mul", [at.gradient, b.op("Where", [isPositive(b, at.x), b.scalar(gamma), left])]);
}

/** Probabilities along an axis, or their logarithms. */
function softmax(op: string, slope: (at: At, sum: (value: string) => string) => string): OpRule {
  return {
    ops: [op],
    infer: likeInput,
    vjp: (node, [gradient], _wants, b) => {
      const axes = b.ints([numberOf(node, "axis", -1)]);
      const sum = (value: string) => b.op("ReduceSum", [value, axes], { keepdims: 1 });
      return [gradient && slope({ gradient, x: node.inputs[0], y: node.outputs[0], node, b }, sum)];
    },
  };
}

export const activations: readonly OpRule[] = [
  activation("Relu", ({ gradient, y, b }) => b.op("Mul", [gradient, b.op("Sign", [y])])),
  activation("LeakyRelu", (at) => leftSlope(at, at.b.scalar(numberOf(at.node, "alpha", 0.01)))),
  activation("Elu", (at) =>
    leftSlope(at, at.b.op("Add", [at.y, at.b.scalar(numberOf(at.node, "alpha", 1))])),
  ),
  activation("Celu", (at) =>
    leftSlope(at, at.b.op("Exp", [scaled(at.b, at.x, 1 / numberOf(at.node, "alpha", 1))])),
  ),
  activation("Selu", selu),
  activation("Sigmoid", ({ gradient, y, b }) => b.op("Mul", [gradient, logisticSlope(b, y)])),
  activation("Tanh", ({ gradient, y, b }) => b.op("Mul", [gradient, tanhSlope(b, y)])),
  activation("Softplus", ({ gradient, x, b }) => b.op("Mul", [gradient, b.op("Sigmoid", [x])])),
  activation("Softsign", ({ gradient, x, b }) => {
    const below = affine(b, b.op("Abs", [x]), 1, 1);
    return b.op("Div", [gradient, b.op("Mul", [below, below])]);
  }),
  activation("Erf", ({ gradient, x, b }) => {
    const steep = b.op("Exp", [affine(b, b.op("Mul", [x, x]), 1, -LOG_2_ROOT_PI)]);
    return b.op("Div", [gradient, steep]);
  }),
  activation("Gelu", (at) =>
    textOf(at.node, "approximate", "none") === "tanh" ? tanhGelu(at) : exactGelu(at),
  ),
  activation("com.microsoft:Gelu", exactGelu),
  activation("com.microsoft:QuickGelu", quickGelu),
  biased("com.microsoft:FastGelu", tanhGelu),
  biased("com.microsoft:BiasGelu", exactGelu),
  activation("HardSigmoid", hardSigmoid),
  activation("HardSwish", hardSwish),
  activation("Mish", mish),
  prelu,
  softmax("Softmax", ({ gradient, y, b }, sum) =>
    b.op("Mul", [y, b.op("Sub", [gradient, sum(b.op("Mul", [gradient, y]))])]),
  ),
  softmax("LogSoftmax", ({ gradient, y, b }, sum) =>
    b.op("Sub", [gradient, b.op("Mul", [b.op("Exp", [y]), sum(gradient)])]),
  ),
];
