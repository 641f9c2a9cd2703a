/** The parametrisation that a spec asks for. */
import type { ModelProto } from "onnx-buf";
import { graphOf } from "../formats/onnx-message.ts";
import { dense } from "./dense.ts";
import type { WeightValues } from "./gradients.ts";
import { lora } from "./lora.ts";
import type { Network } from "./network.ts";
import type { Parametrisation } from "./parametrisation.ts";
import type { TrainSpec } from "./spec.ts";

/**
 * Returns what the spec trains of a network.
 *
 * @param base all weights at the start; kept, never changed
 * @param mask 0 or 1 per entry, for the mode "sparse"
 * @throws Error when the mode is "sparse" and there is no mask
 */
export function parametrise(
  spec: TrainSpec,
  { weights: specs, model }: Network,
  base: WeightValues,
  mask?: ReadonlyMap<string, ArrayLike<number>>,
): Parametrisation {
  const { mode, targets } = spec;
  switch (mode) {
    case "full":
      return dense({ specs, base, targets });
    case "sparse":
      if (!mask) throw new Error("sparse training needs a mask");
      return dense({ specs, base, targets, mask });
    case "lora":
      return lora({ ...spec, specs, base, transposed: transposedWeights(model) });
    default:
      return mode satisfies never;
  }
}

/** Names of the matrices that a graph holds as (in × out): the right factor of MatMul, and of Gemm without transB. */
export function transposedWeights(model: ModelProto): ReadonlySet<string> {
  const names = graphOf(model).node.flatMap(({ opType, input, attribute }) => {
    const isTransposed = attribute.some(({ name, i }) => name === "transB" && i !== 0n);
    return opType === "MatMul" || (opType === "Gemm" && !isTransposed) ? [input[1]] : [];
  });
  return new Set(names);
}
