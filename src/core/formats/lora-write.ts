/** Writes LoRA adapters as PEFT's save_pretrained does: adapter_model.safetensors and adapter_config.json. */
import { encode, type WritableDType } from "../tensor/dtype.ts";
import type { TensorSpec } from "../tensor/tensor.ts";
import { loraScale } from "./lora-config.ts";
import { writeSafetensors } from "./safetensors-write.ts";

/** What to write of one weight. */
export interface LoraUpdate {
  /** The module in the base: its weight is `<module>.weight`. */
  readonly module: string;
  readonly dtype: WritableDType;
  /** (rank × …), row-major; convolutions keep their trailing dimensions. */
  readonly A: Float32Array;
  readonly shapeA: readonly number[];
  /** (out × rank), with 1 for every further dimension of A. */
  readonly B: Float32Array;
  readonly shapeB: readonly number[];
  readonly alpha: number;
  /** Factors of an embedding: their product is its transpose. */
  readonly isEmbedding?: boolean;
}

export interface LoraAbout {
  readonly isRankStabilised: boolean;
  readonly fanInFanOut?: boolean;
  readonly baseName?: string;
}

/** Yields adapter_model.safetensors piece by piece. */
export function writeLora(updates: readonly LoraUpdate[]): AsyncGenerator<Uint8Array<ArrayBuffer>, void> {
  const values = new Map<string, Float32Array>();
  const specs: TensorSpec[] = [];
  for (const { module, dtype, A, B, shapeA, shapeB, isEmbedding } of updates) {
    const name = (side: "A" | "B") =>
      `base_model.model.${module}.${isEmbedding ? `lora_embedding_${side}` : `lora_${side}.weight`}`;
    specs.push({ name: name("A"), dtype, shape: shapeA }, { name: name("B"), dtype, shape: shapeB });
    values.set(name("A"), A).set(name("B"), B);
  }
  return writeSafetensors(specs, new Map([["format", "pt"]]), ({ name, dtype }) => {
    const writable = dtype === "f16" || dtype === "bf16" ? dtype : "f32";
    return encode(values.get(name) ?? new Float32Array(), writable).bytes;
  });
}

/** Returns adapter_config.json; the most frequent rank and α are its defaults, the others patterns by full name. */
export function loraConfigText(updates: readonly LoraUpdate[], about: LoraAbout): string {
  const rank = mostFrequent(updates.map(({ shapeA }) => shapeA[0]));
  const alpha = mostFrequent(updates.map((update) => update.alpha));
  const names = updates.map(({ module }) => module);
  // A pattern also matches names that end in it, unless it says that it begins there.
  const pattern = (module: string) =>
    names.some((other) => other.endsWith(`.${module}`)) ? `^${module}` : module;
  const others = (of: (update: LoraUpdate) => number, usual: number) =>
    Object.fromEntries(
      updates.filter((update) => of(update) !== usual).map((update) => [pattern(update.module), of(update)]),
    );
  const config = {
    peft_type: "LORA",
    task_type: null,
    inference_mode: true,
    base_model_name_or_path: about.baseName ?? null,
    r: rank,
    lora_alpha: alpha,
    lora_dropout: 0,
    use_rslora: about.isRankStabilised,
    use_dora: false,
    fan_in_fan_out: about.fanInFanOut ?? false,
    bias: "none",
    target_modules: updates.map(({ module }) => module).sort(),
    modules_to_save: null,
    rank_pattern: others(({ shapeA }) => shapeA[0], rank),
    alpha_pattern: others((update) => update.alpha, alpha),
    init_lora_weights: true,
  };
  return `${JSON.stringify(config, null, 2)}\n`;
}

/** Returns the α that gives a scale: s = α/r, or α/√r. */
export function alphaOf(scale: number, rank: number, isRankStabilised: boolean): number {
  return scale / loraScale(1, rank, isRankStabilised);
}

function mostFrequent(values: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  const [first] = [...counts].sort(([, a], [, b]) => b - a);
  return first?.[0] ?? 1;
}
