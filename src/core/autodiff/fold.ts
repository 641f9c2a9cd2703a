/**
 * Computes small values in advance: exporters spell out shapes as chains of Shape, Gather, Concat and arithmetic, and
 * with concrete shapes all of that is constant.
 */
import { sizeOf } from "../tensor/tensor.ts";
import type { ElementType, ValueType } from "./rule.ts";
import { stridesOf } from "./shapes.ts";

/** Entries of the largest value computed in advance: shapes and small masks, never activations. */
export const FOLD_LIMIT = 16_384;

/** Rounds to what the element type holds. */
export function rounded(value: number, dtype: ElementType): number {
  switch (dtype) {
    case "f64":
      return value;
    case "f32":
    case "f16":
      return Math.fround(value);
    case "bool":
      return value === 0 ? 0 : 1;
    default:
      return Math.max(-Number.MAX_SAFE_INTEGER, Math.min(Number.MAX_SAFE_INTEGER, Math.trunc(value)));
  }
}

/** The type of f(inputs…), element by element over broadcast inputs, with its value where all of theirs are known. */
export function elementwise(
  dtype: ElementType,
  shape: readonly number[],
  inputs: readonly ValueType[],
  f: (...values: number[]) => number,
): ValueType {
  const known = inputs.map(({ constant }) => constant).filter((constant) => constant !== undefined);
  const n = sizeOf(shape);
  if (known.length < inputs.length || n > FOLD_LIMIT) return { dtype, shape };
  const sources = inputs.map((input) => sourceIndices(shape, stridesOf(input.shape, shape.length)));
  const constant = Array.from({ length: n }, (_, i) =>
    rounded(f(...known.map((values, k) => values[sources[k][i]])), dtype),
  );
  return { dtype, shape, constant };
}

/** The same entries in the same order under another shape. */
export function reshaped({ dtype, constant }: ValueType, shape: readonly number[]): ValueType {
  return constant ? { dtype, shape, constant } : { dtype, shape };
}

/** A value whose entries are entries of the input, at offset + Σ index · stride. */
export function strided(
  { dtype, constant }: ValueType,
  shape: readonly number[],
  strides: readonly number[],
  offset = 0,
): ValueType {
  if (!constant || sizeOf(shape) > FOLD_LIMIT) return { dtype, shape };
  return {
    dtype,
    shape,
    constant: sourceIndices(shape, strides).map((index) => constant[offset + index]),
  };
}

/** A value of one known number, or of any when it is too large to list. */
export function filled(dtype: ElementType, shape: readonly number[], value: number): ValueType {
  const n = sizeOf(shape);
  return n > FOLD_LIMIT
    ? { dtype, shape }
    : { dtype, shape, constant: new Array<number>(n).fill(rounded(value, dtype)) };
}

/** Σ index · stride of every index of the shape, in row-major order. */
export function sourceIndices(shape: readonly number[], strides: readonly number[]): number[] {
  let out = [0];
  for (let axis = 0; axis < shape.length; axis++) {
    const size = shape[axis];
    const stride = strides[axis];
    const next = new Array<number>(out.length * size);
    for (let i = 0; i < out.length; i++)
      for (let j = 0; j < size; j++) next[i * size + j] = out[i] + j * stride;
    out = next;
  }
  return out;
}
