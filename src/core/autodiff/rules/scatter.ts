/** Writes by index, and what follows the diagonal or an axis: ScatterND, ScatterElements, Trilu, CumSum. */
import { axisOf, numberOf, required, steering, textOf } from "../attributes.ts";
import { zeros } from "../emit.ts";
import { FOLD_LIMIT } from "../fold.ts";
import type { OpNode, OpRule, ValueType } from "../rule.ts";
import { unsupported } from "../unsupported.ts";

/** A scatter that overwrites hides what was there; one that adds lets both gradients through. */
function scatterRule(op: "ScatterND" | "ScatterElements", reader: "GatherND" | "GatherElements"): OpRule {
  return {
    ops: [op],
    infer: inferSame,
    vjp(node, [gradient], wants, builder) {
      if (!gradient) return [];
      const [data, index, updates] = node.inputs;
      const reduction = textOf(node, "reduction", "none");
      if (reduction !== "none" && reduction !== "add") {
        throw unsupported(node, `scatters with “${reduction}”, which cannot be differentiated here`);
      }
      const axis = numberOf(node, "axis", 0);
      const attributes =
        op === "ScatterND" ? {} : { axis: axisOf(node, axis, builder.type(data).shape.length) };
      const hidden = () =>
        builder.op(op, [gradient, index, zeros(builder, builder.type(updates).shape)], attributes);
      return [
        wants[0] ? (reduction === "add" ? gradient : hidden()) : undefined,
        undefined,
        wants[2] ? builder.op(reader, [gradient, index], attributes) : undefined,
      ];
    },
  };
}

const trilu: OpRule = {
  ops: ["Trilu"],

  infer(node, inputs) {
    const { dtype, shape, constant } = required(node, inputs, 0);
    if (!constant || constant.length > FOLD_LIMIT) return [{ dtype, shape }];
    const k = steering(node, inputs, 1)?.[0] ?? 0;
    const keepsUpper = numberOf(node, "upper", 1) === 1;
    const columns = shape[shape.length - 1];
    const rows = shape[shape.length - 2];
    const kept = constant.map((value, i) => {
      const above = (i % columns) - (Math.floor(i / columns) % rows) - k;
      return (keepsUpper ? above >= 0 : above <= 0) ? value : 0;
    });
    return [{ dtype, shape, constant: kept }];
  },

  vjp(node, [gradient], wants, builder) {
    if (!gradient || !wants[0]) return [];
    const inputs = [gradient, ...node.inputs.slice(1)];
    return [builder.op("Trilu", inputs, { upper: numberOf(node, "upper", 1) })];
  },
};

const cumSum: OpRule = {
  ops: ["CumSum"],
  infer: inferSame,
  vjp(node, [gradient], wants, builder) {
    if (!gradient || !wants[0]) return [];
    const reverse = 1 - numberOf(node, "reverse", 0);
    return [
      builder.op("CumSum", [gradient, node.inputs[1]], {
        exclusive: numberOf(node, "exclusive", 0),
        reverse,
      }),
    ];
  },
};

export const scatter: readonly OpRule[] = [
  scatterRule("ScatterND", "GatherND"),
  scatterRule("ScatterElements", "GatherElements"),
  trilu,
  cumSum,
];

function inferSame(node: OpNode, inputs: readonly (ValueType | undefined)[]): readonly ValueType[] {
  const { dtype, shape } = required(node, inputs, 0);
  return [{ dtype, shape }];
}
