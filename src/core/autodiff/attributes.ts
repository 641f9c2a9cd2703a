/** Reads what steers a node: attributes, and inputs that must be known before the graph runs. */
import type { Builder, OpNode, ValueType } from "./rule.ts";
import { unsupported } from "./unsupported.ts";

/** What is known of a node's inputs; undefined where an optional one is left out. */
export type Inputs = readonly (ValueType | undefined)[];

export function typesOf(node: OpNode, builder: Builder): Inputs {
  return node.inputs.map((name) => (name === "" ? undefined : builder.type(name)));
}

export function numberOf(node: OpNode, name: string, fallback: number): number {
  const value = node.attributes[name];
  return typeof value === "number" ? value : fallback;
}

export function numbersOf(node: OpNode, name: string): readonly number[] | undefined {
  const value = node.attributes[name];
  return typeof value === "object" ? value : undefined;
}

export function textOf(node: OpNode, name: string, fallback: string): string {
  const value = node.attributes[name];
  return typeof value === "string" ? value : fallback;
}

/** An axis counted from the front. @throws AppError autodiff/unsupported when the rank has no such axis */
export function axisOf(node: OpNode, axis: number, rank: number): number {
  const counted = axis < 0 ? axis + rank : axis;
  if (counted < 0 || counted >= rank)
    throw unsupported(node, `names axis ${axis} of a value of rank ${rank}`);
  return counted;
}

/**
 * The numbers of an input that steers shapes; undefined where it is left out.
 *
 * @throws AppError autodiff/unsupported when they depend on the examples
 */
export function steering(node: OpNode, inputs: Inputs, index: number): readonly number[] | undefined {
  const input = inputs[index];
  if (!input) return undefined;
  if (!input.constant) {
    throw unsupported(
      node,
      `takes its input ${index} (“${node.inputs[index]}”) from the examples, so that shapes are not fixed`,
    );
  }
  return input.constant;
}

/**
 * Axes, which newer operator sets take as an input and older ones as an attribute; counted from the front.
 * Undefined where neither is there.
 */
export function axesOf(
  node: OpNode,
  inputs: Inputs,
  index: number,
  rank: number,
): readonly number[] | undefined {
  const axes = steering(node, inputs, index) ?? numbersOf(node, "axes");
  return axes?.map((axis) => axisOf(node, axis, rank));
}

/** The type of an input that the operator cannot do without. */
export function required(node: OpNode, inputs: Inputs, index: number): ValueType {
  const input = inputs[index];
  if (!input) throw unsupported(node, `lacks its input ${index}`);
  return input;
}
