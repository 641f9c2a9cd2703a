import type { EvidenceTensor } from "../evidence/kept.ts";
import type { EvidenceStore } from "../evidence/store.ts";
import type { EvidenceKind } from "../model/evidence.ts";
import type { ModelLibrary } from "../model/library.ts";
import type { ContentId } from "../recipe/schema.ts";
import { isFloat } from "../tensor/dtype.ts";
import { sizeOf, type TensorSpec } from "../tensor/tensor.ts";
import { noise } from "./small-library.ts";

/**
 * Puts evidence of noise about an expert's last checkpoint, or the base for "sensitivity", into the store that the
 * library reads; gives its id. It says nothing of tensors whose name ends in "bias".
 */
export async function witness(
  library: ModelLibrary,
  store: EvidenceStore,
  kind: EvidenceKind,
  expert: string,
  seed: number,
): Promise<ContentId> {
  const step = library.expert(expert)?.steps.at(-1) ?? 0;
  const checkpoint = await library.expert(expert)?.checkpoint(step);
  const { base } = library;
  const specs = [...base.tensors.values()].filter(
    ({ name, dtype }) => isFloat(dtype) && !name.endsWith("bias"),
  );
  const tensors = specs.flatMap((spec, t) => tensorOf(kind, spec, 100 * seed + t));
  const about = { kind, expert, base: base.id, task: `${expert}-task`, examples: 8, options: { seed } };
  if (kind === "sensitivity" || !checkpoint) return store.add({ ...about, checkpoint: base.id }, tensors).id;
  return store.add({ ...about, checkpoint: checkpoint.id, step }, tensors).id;
}

function tensorOf(kind: EvidenceKind, { name, shape }: TensorSpec, seed: number): readonly EvidenceTensor[] {
  if (kind === "gram") return shape.length === 2 ? [gramOf(name, shape[1], seed)] : [];
  const values = noise(sizeOf(shape), seed);
  return [
    { name, shape, values: values.map((value) => (kind === "mask" ? Number(value > 0.2) : value * value)) },
  ];
}

/** XᵀX / n of n = in + 2 rows of noise. */
function gramOf(name: string, inputs: number, seed: number): EvidenceTensor {
  const rows = inputs + 2;
  const x = noise(rows * inputs, seed);
  const values = Float32Array.from({ length: inputs * inputs }, (_, at) => {
    const [i, j] = [Math.floor(at / inputs), at % inputs];
    let sum = 0;
    for (let r = 0; r < rows; r++) sum += x[r * inputs + i] * x[r * inputs + j];
    return sum / rows;
  });
  return { name, shape: [inputs, inputs], values };
}
