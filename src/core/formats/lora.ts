/**
 * PEFT LoRA adapters: pairs of factors A (r × in) and B (out × r) whose product, scaled, is added to a weight.
 *
 * Source: arXiv:2106.09685 §4.1; file layout as written by huggingface/peft (save_pretrained).
 */

import { clip, fileError, showShape } from "./file-error.ts";
import type { ModelFile } from "./format.ts";
import { type LoraConfig, loraOf, loraScale } from "./lora-config.ts";
import { compareNames } from "./safetensors-write.ts";

/** One weight's factors as a file has them. */
export interface LoraSite {
  /** The module in the base, without PEFT's wrapper: "encoder.fc1". */
  readonly module: string;
  /** Names in the adapter's file. */
  readonly A: string;
  readonly B: string;
  readonly rank: number;
  /** out and in of ΔW = scale · B · A; trailing dimensions of convolutions are part of `in`. */
  readonly rows: number;
  readonly columns: number;
  /** α/r, or α/√r. */
  readonly scale: number;
  readonly alpha: number;
  /** The product is transposed: PEFT keeps the factors of embeddings so. */
  readonly isEmbedding: boolean;
}

/** An adapter whose pairs are complete and whose ranks are as its configuration says. */
export interface LoraFile {
  readonly file: ModelFile;
  readonly config: LoraConfig;
  readonly sites: readonly LoraSite[];
  /** Tensors that replace the base's whole (modules_to_save): the name in the base, and in the file. */
  readonly whole: ReadonlyMap<string, string>;
}

const WRAPPER = "base_model.model.";
const FACTOR = /^(.+)\.lora_(embedding_)?([AB])(?:\.default)?(?:\.weight)?$/;
const SAVED = /\.modules_to_save(?:\.default)?(?=\.)/;

/** Tells an adapter from a model by its tensors' names. */
export function isLora({ tensors }: ModelFile): boolean {
  return [...tensors.keys()].some((name) => name.includes(".lora_"));
}

/** @throws AppError file/malformed for pairs that are not complete, file/unsupported for DoRA's magnitudes and the like */
export function readLora(file: ModelFile, config: LoraConfig): LoraFile {
  const pairs = new Map<string, { A?: string; B?: string; isEmbedding: boolean }>();
  const whole = new Map<string, string>();
  for (const name of file.tensors.keys()) {
    const bare = name.startsWith(WRAPPER) ? name.slice(WRAPPER.length) : name;
    const [, module, embedding, side] = FACTOR.exec(bare) ?? [];
    if (module !== undefined) {
      const pair = pairs.get(module) ?? { isEmbedding: embedding !== undefined };
      pairs.set(module, { ...pair, [side === "A" ? "A" : "B"]: name });
    } else if (bare.includes(".lora_")) throw unsupportedPart(file.name, name);
    else whole.set(bare.replace(SAVED, ""), name);
  }
  const sites = [...pairs].map(([module, pair]) => siteOf(file, config, module, pair));
  if (sites.length === 0) throw fileError("file/malformed", file.name, "holds no pair of LoRA factors.");
  return { file, config, sites: sites.sort((a, b) => compareNames(a.module, b.module)), whole };
}

function siteOf(
  file: ModelFile,
  config: LoraConfig,
  module: string,
  { A, B, isEmbedding }: { A?: string; B?: string; isEmbedding: boolean },
): LoraSite {
  const wrong = (what: string) =>
    fileError(
      "file/malformed",
      file.name,
      `has factors of “${clip(module)}” that ${what}. Save the adapter again.`,
      { tensor: clip(module) },
    );
  const shapeA = A === undefined ? undefined : file.tensors.get(A)?.shape;
  const shapeB = B === undefined ? undefined : file.tensors.get(B)?.shape;
  if (A === undefined || B === undefined || !shapeA || !shapeB)
    throw wrong(`lack lora_${A === undefined ? "A" : "B"}`);
  const [rank, ...inner] = shapeA;
  const [rows, inB, ...rest] = shapeB;
  if (inner.length === 0 || rank === 0 || inB !== rank || rest.some((size) => size !== 1))
    throw wrong(`do not multiply: A is ${showShape(shapeA)}, B is ${showShape(shapeB)}`);
  const promised = loraOf(config, module, file.name);
  if (promised.rank !== rank)
    throw wrong(`have rank ${rank}, while adapter_config.json says ${promised.rank}`);
  return {
    module,
    A,
    B,
    rank,
    rows,
    columns: inner.reduce((product, size) => product * size, 1),
    scale: loraScale(promised.alpha, rank, config.isRankStabilised),
    alpha: promised.alpha,
    isEmbedding,
  };
}

function unsupportedPart(file: string, tensor: string) {
  const what = tensor.includes("magnitude") ? "DoRA's magnitudes" : "a part of LoRA that is not read";
  return fileError(
    "file/unsupported",
    file,
    `holds ${what} (“${clip(tensor)}”). Merge the adapter into its base (merge_and_unload) and open the whole model.`,
    { tensor: clip(tensor) },
  );
}
