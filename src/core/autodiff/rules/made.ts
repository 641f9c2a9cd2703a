/** Operators that make values out of nothing but shapes and numbers, and so have no gradient: masks, positions. */

import { dtypeOfOnnx } from "../../tensor/dtype.ts";
import { sizeOf } from "../../tensor/tensor.ts";
import { numberOf, required, steering } from "../attributes.ts";
import { FOLD_LIMIT, filled, rounded } from "../fold.ts";
import type { ElementType, OpNode, OpRule, ValueType } from "../rule.ts";
import { elementType } from "../stored.ts";
import { unsupported } from "../unsupported.ts";

const constantOfShape: OpRule = {
  ops: ["ConstantOfShape"],
  infer: (node, inputs) => {
    const type = node.attributes["value.dtype"];
    const dtype = elementTypeNamed(type) ?? "f32";
    return [filled(dtype, steering(node, inputs, 0) ?? [], numberOf(node, "value", 0))];
  },
};

/** The importer writes the element type of a tensor attribute as text. */
function elementTypeNamed(name: OpNode["attributes"][string] | undefined): ElementType | undefined {
  switch (name) {
    case "f32":
    case "f16":
    case "f64":
    case "i64":
    case "i32":
    case "u8":
    case "bool":
      return name;
    default:
      return undefined;
  }
}

const range: OpRule = {
  ops: ["Range"],
  infer: (node, inputs) => {
    const { dtype } = required(node, inputs, 0);
    const [start, limit, delta] = [0, 1, 2].map((i) => steering(node, inputs, i)?.[0] ?? 0);
    const length = Math.max(0, Math.ceil((limit - start) / delta));
    const type = { dtype, shape: [length] };
    if (length > FOLD_LIMIT) return [type];
    return [{ ...type, constant: Array.from({ length }, (_, i) => rounded(start + i * delta, dtype)) }];
  },
};

const eyeLike: OpRule = {
  ops: ["EyeLike"],
  infer: (node, inputs) => {
    const input = required(node, inputs, 0);
    const code = numberOf(node, "dtype", 0);
    const named = dtypeOfOnnx(code);
    const dtype = named ? elementType(named, node.outputs[0]) : input.dtype;
    const [, columns] = input.shape;
    const k = numberOf(node, "k", 0);
    const type = { dtype, shape: input.shape };
    if (sizeOf(input.shape) > FOLD_LIMIT) return [type];
    const constant = Array.from({ length: sizeOf(input.shape) }, (_, i) =>
      (i % columns) - Math.floor(i / columns) === k ? 1 : 0,
    );
    return [{ ...type, constant }];
  },
};

const oneHot: OpRule = {
  ops: ["OneHot"],
  infer: (node, inputs) => {
    const { shape } = required(node, inputs, 0);
    const depth = steering(node, inputs, 1)?.[0] ?? 0;
    const { dtype } = required(node, inputs, 2);
    const axis = numberOf(node, "axis", -1);
    const at = axis < 0 ? axis + shape.length + 1 : axis;
    return [{ dtype, shape: [...shape.slice(0, at), depth, ...shape.slice(at)] }];
  },
};

const random: OpRule = {
  ops: ["RandomNormal", "RandomNormalLike", "RandomUniform", "RandomUniformLike", "Bernoulli", "Multinomial"],
  infer: (node): readonly ValueType[] => {
    throw unsupported(node, "draws random numbers; export the model in evaluation mode");
  },
};

export const made: readonly OpRule[] = [constantOfShape, range, eyeLike, oneHot, random];
