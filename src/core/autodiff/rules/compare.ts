/** Comparisons, logic, rounding and choices: no gradient flows through them, save through the values that Where picks. */

import { sizeOf } from "../../tensor/tensor.ts";
import { axisOf, numberOf, required, steering } from "../attributes.ts";
import { summedTo, where } from "../emit.ts";
import { elementwise } from "../fold.ts";
import type { ElementType, OpRule } from "../rule.ts";
import { broadcastShape, indices } from "../shapes.ts";
import { misfit } from "../unsupported.ts";
import { broadcasting, unary } from "./elementwise.ts";

function relation(op: string, holds: (a: number, b: number) => boolean): OpRule {
  return { ops: [op], infer: broadcasting(([a, b]) => (holds(a, b) ? 1 : 0), "bool") };
}

function step(op: string, f: (x: number) => number, dtype?: ElementType): OpRule {
  return { ops: [op], infer: unary(f, dtype) };
}

/** Halves to even, as ONNX rounds. */
function roundToEven(x: number): number {
  const low = Math.floor(x);
  const above = x - low;
  if (above !== 0.5) return Math.round(x);
  return low % 2 === 0 ? low : low + 1;
}

const whereRule: OpRule = {
  ops: ["Where"],
  infer: (node, inputs) => {
    const [condition, yes, no] = [0, 1, 2].map((i) => required(node, inputs, i));
    const shapes = [condition.shape, yes.shape, no.shape];
    const shape = broadcastShape(shapes);
    if (!shape) throw misfit(node, shapes);
    return [elementwise(yes.dtype, shape, [condition, yes, no], (c, a, b) => (c ? a : b))];
  },
  vjp: ({ inputs: [condition, yes, no] }, [gradient], [, wantsYes, wantsNo], builder) => {
    if (!gradient) return [];
    const zero = builder.scalar(0);
    return [
      undefined,
      wantsYes ? summedTo(builder, where(builder, condition, gradient), builder.type(yes).shape) : undefined,
      wantsNo
        ? summedTo(builder, builder.op("Where", [condition, zero, gradient]), builder.type(no).shape)
        : undefined,
    ];
  },
};

/** Positions of extremes along an axis. */
const argExtreme: OpRule = {
  ops: ["ArgMax", "ArgMin"],
  infer: (node, inputs) => {
    const { shape } = required(node, inputs, 0);
    const axis = axisOf(node, numberOf(node, "axis", 0), shape.length);
    const keeps = numberOf(node, "keepdims", 1) === 1;
    return [{ dtype: "i64", shape: keeps ? shape.with(axis, 1) : shape.toSpliced(axis, 1) }];
  },
};

/** Indices of what is not 0 (rank × count): their number is the shape, so the values must be known. */
const nonZero: OpRule = {
  ops: ["NonZero"],
  infer: (node, inputs) => {
    const { shape } = required(node, inputs, 0);
    const values = steering(node, inputs, 0) ?? [];
    const found = indices(values.length).filter((i) => values[i] !== 0);
    const constant = indices(shape.length).flatMap((axis) => {
      const inner = sizeOf(shape.slice(axis + 1));
      return found.map((i) => Math.floor(i / inner) % shape[axis]);
    });
    return [{ dtype: "i64", shape: [shape.length, found.length], constant }];
  },
};

export const compare: readonly OpRule[] = [
  relation("Equal", (a, b) => a === b),
  relation("Greater", (a, b) => a > b),
  relation("GreaterOrEqual", (a, b) => a >= b),
  relation("Less", (a, b) => a < b),
  relation("LessOrEqual", (a, b) => a <= b),
  relation("And", (a, b) => a !== 0 && b !== 0),
  relation("Or", (a, b) => a !== 0 || b !== 0),
  relation("Xor", (a, b) => (a !== 0) !== (b !== 0)),
  step("Not", (x) => (x === 0 ? 1 : 0)),
  step("Sign", Math.sign),
  step("Floor", Math.floor),
  step("Ceil", Math.ceil),
  step("Round", roundToEven),
  step("IsNaN", (x) => (Number.isNaN(x) ? 1 : 0), "bool"),
  step("IsInf", (x) => (Math.abs(x) === Number.POSITIVE_INFINITY ? 1 : 0), "bool"),
  whereRule,
  argExtreme,
  nonZero,
];
