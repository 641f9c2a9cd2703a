/** The matrices that DOGE works on. */
import { asMatrix } from "../methods/matrices.ts";
import { roleOf } from "../model/roles.ts";
import type { TensorSpec } from "../tensor/tensor.ts";

/** One layer's task vectors and the experts' weights. */
export interface Matrix {
  readonly name: string;
  readonly rows: number;
  readonly columns: number;
  /** One per expert, rows × columns; read-only. */
  readonly taus: readonly Float32Array[];
  readonly weights: readonly number[];
}

/** A tensor as DOGE sees it: a matrix or a convolution's kernel (out × in · kh · kw); undefined where it stays at base. */
export function layerOf({
  tensor,
  rows: taus,
  weights,
}: {
  readonly tensor: Pick<TensorSpec, "name" | "shape">;
  readonly rows: readonly Float32Array[];
  readonly weights: readonly number[];
}): Matrix | undefined {
  const shape = layerShape(tensor);
  return shape && { name: tensor.name, ...shape, taus, weights };
}

/** Rows and columns of the matrix that DOGE takes a tensor for; undefined where it stays at base. */
export function layerShape(
  tensor: Pick<TensorSpec, "name" | "shape">,
): { readonly rows: number; readonly columns: number } | undefined {
  const role = roleOf(tensor);
  if (role !== "attention" && role !== "mlp" && role !== "conv" && role !== "other") return undefined;
  return asMatrix(tensor.shape);
}
