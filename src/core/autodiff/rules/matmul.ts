/** Matrix products: MatMul with its broadcast batches, and Gemm. */
import { sizeOf } from "../../tensor/tensor.ts";
import { numberOf, required } from "../attributes.ts";
import { reshapedTo, scaled, summedTo, transposed } from "../emit.ts";
import type { Builder, OpRule, ValueType } from "../rule.ts";
import { broadcastShape, indices } from "../shapes.ts";
import { misfit } from "../unsupported.ts";

const matMul: OpRule = {
  ops: ["MatMul"],

  infer(node, inputs) {
    const a = required(node, inputs, 0);
    const b = required(node, inputs, 1);
    const { left, right } = asMatrices(a.shape, b.shape);
    const batch = broadcastShape([left.slice(0, -2), right.slice(0, -2)]);
    if (left.at(-1) !== right.at(-2) || !batch) throw misfit(node, [a.shape, b.shape]);
    const rows = a.shape.length > 1 ? left.slice(-2, -1) : [];
    const columns = b.shape.length > 1 ? right.slice(-1) : [];
    return [{ dtype: a.dtype, shape: [...batch, ...rows, ...columns] }];
  },

  vjp(node, [gradient], wants, builder) {
    if (!gradient) return [];
    const [a, b] = node.inputs;
    const shapes = [a, b].map((name) => builder.type(name).shape);
    const { left, right } = asMatrices(shapes[0], shapes[1]);
    const product = [...builder.type(gradient).shape];
    if (shapes[0].length === 1) product.splice(Math.max(0, right.length - 2), 0, 1);
    if (shapes[1].length === 1) product.push(1);
    const operands = {
      left: reshapedTo(builder, a, left),
      right: reshapedTo(builder, b, right),
      gradient: reshapedTo(builder, gradient, product),
    };
    const found = right.length === 2 ? byFlatProduct : byBatchedProduct;
    return found(builder, operands, wants).map(
      (value, i) => value && reshapedTo(builder, summedTo(builder, value, [left, right][i]), shapes[i]),
    );
  },
};

const gemm: OpRule = {
  ops: ["Gemm"],

  infer(node, inputs) {
    const a = required(node, inputs, 0);
    const b = required(node, inputs, 1);
    const [rows, inner] = oriented(a, numberOf(node, "transA", 0));
    const [other, columns] = oriented(b, numberOf(node, "transB", 0));
    if (a.shape.length !== 2 || b.shape.length !== 2 || inner !== other)
      throw misfit(node, [a.shape, b.shape]);
    return [{ dtype: a.dtype, shape: [rows, columns] }];
  },

  vjp(node, [gradient], wants, builder) {
    if (!gradient) return [];
    const [a, b, c] = node.inputs;
    const transA = numberOf(node, "transA", 0);
    const transB = numberOf(node, "transB", 0);
    const byProduct = scaled(builder, gradient, numberOf(node, "alpha", 1));
    const product = (left: string, right: string, transLeft: number, transRight: number) =>
      builder.op("Gemm", [left, right], { transA: transLeft, transB: transRight });
    const byA = () => (transA ? product(b, byProduct, transB, 1) : product(byProduct, b, 0, 1 - transB));
    const byB = () => (transB ? product(byProduct, a, 1, transA) : product(a, byProduct, 1 - transA, 0));
    const byC = () =>
      summedTo(builder, scaled(builder, gradient, numberOf(node, "beta", 1)), builder.type(c).shape);
    return [wants[0] ? byA() : undefined, wants[1] ? byB() : undefined, wants[2] ? byC() : undefined];
  },
};

export const matmul: readonly OpRule[] = [matMul, gemm];

interface Operands {
  readonly left: string;
  readonly right: string;
  readonly gradient: string;
}

/** Both operands with at least two dimensions: a vector on the left is a row, on the right a column. */
function asMatrices(a: readonly number[], b: readonly number[]) {
  return { left: a.length === 1 ? [1, ...a] : a, right: b.length === 1 ? [...b, 1] : b };
}

function oriented({ shape }: ValueType, isTransposed: number): readonly number[] {
  return isTransposed ? shape.toReversed() : shape;
}

/** One matrix on the right: all rows on the left are one matrix too, and no sum over batches is needed. */
function byFlatProduct(
  builder: Builder,
  { left, right, gradient }: Operands,
  wants: readonly boolean[],
): readonly (string | undefined)[] {
  const { shape } = builder.type(left);
  const [inner, columns] = builder.type(right).shape;
  const rows = sizeOf(shape) / inner;
  const flat = reshapedTo(builder, gradient, [rows, columns]);
  const byLeft = () => reshapedTo(builder, builder.op("Gemm", [flat, right], { transB: 1 }), shape);
  const byRight = () => builder.op("Gemm", [reshapedTo(builder, left, [rows, inner]), flat], { transA: 1 });
  return [wants[0] ? byLeft() : undefined, wants[1] ? byRight() : undefined];
}

/** Gradients in the product's batches, to be summed where an operand was broadcast. */
function byBatchedProduct(
  builder: Builder,
  { left, right, gradient }: Operands,
  wants: readonly boolean[],
): readonly (string | undefined)[] {
  return [
    wants[0] ? builder.op("MatMul", [gradient, flipped(builder, right)]) : undefined,
    wants[1] ? builder.op("MatMul", [flipped(builder, left), gradient]) : undefined,
  ];
}

/** With the last two axes exchanged. */
function flipped(builder: Builder, value: string): string {
  const { length } = builder.type(value).shape;
  const axes = indices(length);
  return transposed(builder, value, [...axes.slice(0, -2), length - 1, length - 2]);
}
