/**
 * Einsum of any number of operands. The gradient by one operand is the einsum of the output's gradient with the other
 * operands, ending in that operand's letters; letters that only this operand has were summed away, so along them the
 * gradient is repeated.
 */
import { required, textOf } from "../attributes.ts";
import { expandedTo, reshapedTo } from "../emit.ts";
import type { Builder, OpNode, OpRule, ValueType } from "../rule.ts";
import { misfit, unsupported } from "../unsupported.ts";

/** Letters of every operand and of the output, written out. */
interface Equation {
  readonly terms: readonly string[];
  readonly output: string;
}

const einsumRule: OpRule = {
  ops: ["Einsum"],

  infer(node, inputs) {
    const types = node.inputs.map((_, i) => required(node, inputs, i));
    const { terms, output } = equationOf(
      node,
      types.map(({ shape }) => shape.length),
    );
    const sizes = sizesOf(node, terms, types);
    return [{ dtype: types[0].dtype, shape: [...output].map((letter) => sizes.get(letter) ?? 1) }];
  },

  vjp(node, [gradient], wants, builder) {
    if (!gradient) return [];
    const shapes = node.inputs.map((name) => builder.type(name).shape);
    const { terms, output } = equationOf(
      node,
      shapes.map(({ length }) => length),
    );
    return node.inputs.map((_, i) => {
      if (!wants[i]) return undefined;
      const others = terms.filter((_, k) => k !== i);
      const operands = [gradient, ...node.inputs.filter((_, k) => k !== i)];
      return byOperand(builder, [output, ...others], operands, terms[i], shapes[i]);
    });
  },
};

export const einsum: readonly OpRule[] = [einsumRule];

/** The einsum that ends in `term`, repeated along the letters that no operand has. */
function byOperand(
  builder: Builder,
  terms: readonly string[],
  operands: readonly string[],
  term: string,
  shape: readonly number[],
): string {
  const there = new Set(terms.join(""));
  const reached = [...term].filter((letter) => there.has(letter)).join("");
  const equation = `${terms.join(",")}->${reached}`;
  const found =
    equation === `${reached}->${reached}` ? operands[0] : builder.op("Einsum", operands, { equation });
  const spread = shape.map((size, i) => (there.has(term[i]) ? size : 1));
  return expandedTo(builder, reshapedTo(builder, found, spread), shape);
}

/**
 * Reads the equation: spaces go, an ellipsis becomes capital letters, and an output that is left out has the letters
 * that occur once, in alphabetical order.
 *
 * @throws AppError autodiff/unsupported for diagonals and for ellipses of different ranks
 */
function equationOf(node: OpNode, ranks: readonly number[]): Equation {
  const text = textOf(node, "equation", "").replaceAll(/\s/g, "");
  const [left, right] = text.split("->");
  const hidden = left.split(",").map((term, i) => (term.includes("...") ? ranks[i] - term.length + 3 : 0));
  const depth = Math.max(0, ...hidden);
  const spare = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"].filter((letter) => !text.includes(letter)).slice(0, depth);
  const written = (term: string) => term.replace("...", spare.join(""));
  if (left.split(",").some((term, i) => term.includes("...") && hidden[i] !== depth)) {
    throw unsupported(node, `broadcasts the ellipsis of “${text}”`);
  }
  const terms = left.split(",").map(written);
  if (terms.some((term, i) => term.length !== ranks[i])) {
    throw unsupported(node, `has the equation “${text}” for inputs of ranks ${ranks.join(" and ")}`);
  }
  if (terms.some((term) => new Set(term).size < term.length)) {
    throw unsupported(node, `takes a diagonal (“${text}”)`);
  }
  const output = right === undefined ? [...spare, ...onceIn(left)].join("") : written(right);
  return { terms, output };
}

function onceIn(terms: string): readonly string[] {
  const letters = [...terms].filter((letter) => /[A-Za-z]/.test(letter));
  return letters.filter((letter) => letters.indexOf(letter) === letters.lastIndexOf(letter)).sort();
}

/** @throws AppError eval/graph when a letter has two sizes */
function sizesOf(
  node: OpNode,
  terms: readonly string[],
  types: readonly ValueType[],
): ReadonlyMap<string, number> {
  const sizes = new Map<string, number>();
  for (const [i, term] of terms.entries()) {
    for (const [axis, letter] of [...term].entries()) {
      const size = types[i].shape[axis];
      if ((sizes.get(letter) ?? size) !== size) {
        throw misfit(
          node,
          types.map(({ shape }) => shape),
        );
      }
      sizes.set(letter, size);
    }
  }
  return sizes;
}
