/** Which weights evidence can speak of. */
import type { Evidence, EvidenceKind } from "../model/evidence.ts";
import type { TensorSpec } from "../tensor/tensor.ts";

/** Whether evidence of this shape fits the weight: the same shape or, for "gram", one of its two sizes squared. */
export function fits(kind: EvidenceKind, { shape }: TensorSpec, weight: TensorSpec): boolean {
  if (kind === "gram") {
    const [rows, columns] = shape;
    return shape.length === 2 && rows === columns && weight.shape.length === 2 && weight.shape.includes(rows);
  }
  return shape.length === weight.shape.length && shape.every((size, i) => size === weight.shape[i]);
}

/** What the evidence says of a weight (read-only), or undefined where it says nothing that fits. */
export async function evidenceOn(
  { about, tensors, load }: Evidence,
  weight: TensorSpec,
): Promise<Float32Array | undefined> {
  const spec = tensors.get(weight.name);
  return spec && fits(about.kind, spec, weight) ? load(weight.name) : undefined;
}
