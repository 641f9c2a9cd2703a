import type { DType } from "./dtype.ts";

/** What a file says of a tensor; no bytes. */
export interface TensorSpec {
  readonly name: string;
  readonly dtype: DType;
  /** Row-major; [] is a scalar. */
  readonly shape: readonly number[];
}

/** Counts the entries of a shape; 1 for a scalar, 0 where a dimension is 0. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, dimension) => product * dimension, 1);
}
