/** What a file with weights is to the open base: a whole model, or an adapter over it. */
import { AppError } from "../errors.ts";
import { clip, fileError } from "../formats/file-error.ts";
import type { ModelFile } from "../formats/format.ts";
import { isLora, readLora } from "../formats/lora.ts";
import { readLoraConfig } from "../formats/lora-config.ts";
import { isSparse, overBase, readSparse } from "../formats/sparse.ts";
import type { ContentId } from "../recipe/schema.ts";
import type { AdapterFile } from "./file-checkpoint.ts";
import { loraOverBase } from "./lora-over-base.ts";

/** The text of adapter_config.json and where it was found. */
export interface ConfigText {
  readonly file: string;
  readonly text: string;
}

/** The base as it is stored, and its content's id. */
export interface BaseFile {
  readonly file: ModelFile;
  readonly id: ContentId;
}

/**
 * Returns the expert that a file holds or makes of the base; a whole model as it is.
 *
 * @throws AppError file/unsupported for an adapter without configuration, what the adapters' readers throw
 */
export function asExpert(
  file: ModelFile,
  base: BaseFile,
  config: ConfigText | undefined,
): ModelFile | AdapterFile {
  if (isSparse(file)) {
    const sparse = readSparse(file);
    return { ...overBase(sparse, base.file, base.id), touched: new Set(sparse.regions.keys()) };
  }
  if (!isLora(file)) return file;
  if (!config) {
    throw new AppError(
      "file/unsupported",
      `“${clip(file.name)}” is a LoRA adapter, and its adapter_config.json is missing: rank and α are in there. Drop both files together, or their folder.`,
      { file: clip(file.name), needs: "adapter_config.json" },
    );
  }
  return loraOverBase(readLora(file, readLoraConfig(config.text, config.file)), base.file);
}

/** Whether a tensor of the expert may differ from the base's; true for all of a whole model's. */
export function touches(expert: ModelFile | AdapterFile, name: string): boolean {
  return !("touched" in expert) || expert.touched.has(name);
}

/** @throws AppError file/malformed when a zoo's checkpoint is not what its family.json says */
export function requireFormat(file: ModelFile, format: "full" | "lora" | "sparse"): void {
  const found = isSparse(file) ? "sparse" : isLora(file) ? "lora" : "full";
  if (found !== format)
    throw fileError("file/malformed", file.name, `is ${found}, family.json says ${format}.`);
}
