/** Shape rules that element-by-element operators share. */
import { type Inputs, required } from "../attributes.ts";
import { elementwise } from "../fold.ts";
import type { ElementType, OpNode, ValueType } from "../rule.ts";
import { broadcastShape } from "../shapes.ts";
import { misfit } from "../unsupported.ts";

/** Infers f of one value. */
export function unary(f: (x: number) => number, dtype?: ElementType) {
  return (node: OpNode, inputs: Inputs): readonly ValueType[] => {
    const input = required(node, inputs, 0);
    return [elementwise(dtype ?? input.dtype, input.shape, [input], f)];
  };
}

/** Infers f of values that are broadcast together; all inputs are there. */
export function broadcasting(
  f: (inputs: readonly number[], dtype: ElementType) => number,
  dtype?: ElementType,
) {
  return (node: OpNode, inputs: Inputs): readonly ValueType[] => {
    const types = inputs.map((_, i) => required(node, inputs, i));
    const shape = broadcastShape(types.map((type) => type.shape));
    if (!shape)
      throw misfit(
        node,
        types.map((type) => type.shape),
      );
    const [{ dtype: own }] = types;
    return [elementwise(dtype ?? own, shape, types, (...values) => f(values, own))];
  };
}

/** The type of the first input, its value unknown: what most activations have. */
export function likeInput(node: OpNode, inputs: Inputs): readonly ValueType[] {
  const { dtype, shape } = required(node, inputs, 0);
  return [{ dtype, shape }];
}
