/** Arithmetic with broadcasting, and functions of one variable. */
import { numberOf } from "../attributes.ts";
import { cast, logOrZero, quotient, scaled, summedTo, where } from "../emit.ts";
import type { Builder, OpNode, OpRule } from "../rule.ts";
import { unsupported } from "../unsupported.ts";
import { broadcasting, unary } from "./elementwise.ts";

/** A rule of a function of one variable; `slope` writes gradient · derivative. */
function functionOf(
  op: string,
  f: (x: number) => number,
  slope: (gradient: string, x: string, y: string, builder: Builder) => string,
): OpRule {
  return {
    ops: [op],
    infer: unary(f),
    vjp: (node, [gradient], _wants, builder) => [
      gradient && slope(gradient, node.inputs[0], node.outputs[0], builder),
    ],
  };
}

/** A rule of two broadcast values; `slopes` writes gradient · derivative before the sums that broadcasting asks for. */
function functionOfTwo(
  op: string,
  f: (inputs: readonly number[], dtype: string) => number,
  slopes: readonly ((gradient: string, node: OpNode, builder: Builder) => string)[],
): OpRule {
  return {
    ops: [op],
    infer: broadcasting(f),
    vjp: (node, [gradient], wants, builder) =>
      slopes.map((slope, i) =>
        gradient && wants[i]
          ? summedTo(builder, slope(gradient, node, builder), builder.type(node.inputs[i]).shape)
          : undefined,
      ),
  };
}

const pass = (gradient: string) => gradient;
const times =
  (factor: 0 | 1) =>
  (gradient: string, { inputs }: OpNode, b: Builder) =>
    b.op("Mul", [gradient, inputs[factor]]);

const add = functionOfTwo("Add", ([a, b]) => a + b, [pass, pass]);
const sub = functionOfTwo("Sub", ([a, b]) => a - b, [pass, (gradient, _, b) => b.op("Neg", [gradient])]);
const mul = functionOfTwo("Mul", ([a, b]) => a * b, [times(1), times(0)]);
const div = functionOfTwo("Div", ([a, b]) => a / b, [
  (gradient, { inputs }, b) => b.op("Div", [gradient, inputs[1]]),
  (gradient, { inputs, outputs }, b) =>
    b.op("Neg", [b.op("Mul", [b.op("Div", [gradient, inputs[1]]), outputs[0]])]),
]);
const pow = functionOfTwo("Pow", ([a, b]) => a ** b, [powBase, powExponent]);

/** b · a^(b − 1). */
function powBase(gradient: string, { inputs: [base, exponent] }: OpNode, builder: Builder): string {
  const { constant, shape } = builder.type(exponent);
  if (shape.length === 0 || constant?.length === 1) {
    const power = constant?.[0];
    if (power === 1) return gradient;
    if (power === 2) return builder.op("Mul", [scaled(builder, gradient, 2), base]);
    if (power !== undefined) {
      const lower = builder.op("Pow", [base, builder.scalar(power - 1)]);
      return builder.op("Mul", [scaled(builder, gradient, power), lower]);
    }
  }
  const power = cast(builder, exponent, "f32");
  const lower = builder.op("Pow", [base, builder.op("Sub", [power, builder.scalar(1)])]);
  return builder.op("Mul", [builder.op("Mul", [gradient, power]), lower]);
}

/** a^b · log a; 0 where a is not positive. */
function powExponent(gradient: string, { inputs: [base], outputs }: OpNode, builder: Builder): string {
  return builder.op("Mul", [builder.op("Mul", [gradient, outputs[0]]), logOrZero(builder, base)]);
}

/** The sum, or the mean, of any number of values. */
function sumOf(op: "Sum" | "Mean"): OpRule {
  const share = (n: number) => (op === "Sum" ? 1 : 1 / n);
  return {
    ops: [op],
    infer: broadcasting((values) => values.reduce((a, b) => a + b, 0) * share(values.length)),
    vjp: ({ inputs }, [gradient], wants, builder) => {
      if (!gradient) return [];
      const each = scaled(builder, gradient, share(inputs.length));
      return inputs.map((input, i) =>
        wants[i] ? summedTo(builder, each, builder.type(input).shape) : undefined,
      );
    },
  };
}

/** The largest, or smallest, of any number of values; where several are equal, the first has the gradient. */
function extreme(op: "Max" | "Min", f: (...values: number[]) => number): OpRule {
  return {
    ops: [op],
    infer: broadcasting((values) => f(...values)),
    vjp: ({ inputs, outputs: [y] }, [gradient], wants, builder) => {
      let earlier: string | undefined;
      return inputs.map((input, i) => {
        const chosen = builder.op("Equal", [input, y]);
        const first = earlier ? builder.op("And", [chosen, builder.op("Not", [earlier])]) : chosen;
        earlier = earlier ? builder.op("Or", [earlier, chosen]) : chosen;
        return gradient && wants[i]
          ? summedTo(builder, where(builder, first, gradient), builder.type(input).shape)
          : undefined;
      });
    },
  };
}

/** Inside its bounds, and on them, the gradient passes. */
const clip: OpRule = {
  ops: ["Clip"],
  infer: (node, [x, low, high]) => {
    const [min, max] = [low?.constant?.[0] ?? -Infinity, high?.constant?.[0] ?? Infinity];
    const isKnown = (!low || low.constant) && (!high || high.constant);
    const [type] = unary((value) => Math.min(max, Math.max(min, value)))(node, [x]);
    return [isKnown ? type : { dtype: type.dtype, shape: type.shape }];
  },
  vjp: (node, [gradient], wants, builder) => {
    if (wants[1] || wants[2])
      throw unsupported(node, "has bounds that are weights, which is not differentiated here");
    const { inputs, outputs } = node;
    return [gradient && where(builder, builder.op("Equal", [inputs[0], outputs[0]]), gradient)];
  },
};

/** Only computed in advance: remainders of shapes, with the sign of the divisor, or of the dividend as in C. */
const mod: OpRule = {
  ops: ["Mod"],
  infer: (node, inputs) => {
    const isC = numberOf(node, "fmod", 0) === 1;
    return broadcasting(([a, b]) => (isC ? a % b : a - b * Math.floor(a / b)))(node, inputs);
  },
  vjp: (node) => {
    throw unsupported(node);
  },
};

export const arithmetic: readonly OpRule[] = [
  add,
  sub,
  mul,
  div,
  pow,
  mod,
  sumOf("Sum"),
  sumOf("Mean"),
  extreme("Max", Math.max),
  extreme("Min", Math.min),
  clip,
  functionOf(
    "Neg",
    (x) => -x,
    (gradient, _x, _y, b) => b.op("Neg", [gradient]),
  ),
  functionOf("Exp", Math.exp, (gradient, _x, y, b) => b.op("Mul", [gradient, y])),
  functionOf("Log", Math.log, (gradient, x, _y, b) => b.op("Div", [gradient, x])),
  functionOf("Abs", Math.abs, (gradient, x, _y, b) => b.op("Mul", [gradient, b.op("Sign", [x])])),
  functionOf("Sin", Math.sin, (gradient, x, _y, b) => b.op("Mul", [gradient, b.op("Cos", [x])])),
  functionOf("Cos", Math.cos, (gradient, x, _y, b) =>
    b.op("Neg", [b.op("Mul", [gradient, b.op("Sin", [x])])]),
  ),
  functionOf("Sqrt", Math.sqrt, (gradient, _x, y, b) => quotient(b, scaled(b, gradient, 0.5), y)),
  functionOf(
    "Reciprocal",
    (x) => 1 / x,
    (gradient, _x, y, b) => b.op("Neg", [b.op("Mul", [gradient, b.op("Mul", [y, y])])]),
  ),
];
