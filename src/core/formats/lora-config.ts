/** adapter_config.json of a PEFT LoRA adapter: what it says, and by name what is refused. */
import { z } from "zod";
import { clip, fileError } from "./file-error.ts";

const positive = z.number().positive();
/** Patterns come from a file of unknown origin; PEFT's own are module names or short expressions. */
const patterns = z.record(z.string().min(1).max(256), positive).nullish();

const schema = z.looseObject({
  peft_type: z.string(),
  r: z.int().positive(),
  lora_alpha: positive,
  use_rslora: z.boolean().nullish(),
  fan_in_fan_out: z.boolean().nullish(),
  rank_pattern: patterns,
  alpha_pattern: patterns,
  target_modules: z.union([z.string(), z.array(z.string())]).nullish(),
  modules_to_save: z.array(z.string()).nullish(),
  bias: z.string().nullish(),
  base_model_name_or_path: z.string().nullish(),
  use_dora: z.boolean().nullish(),
  lora_bias: z.boolean().nullish(),
  init_lora_weights: z.union([z.boolean(), z.string()]).nullish(),
});

export interface LoraConfig {
  readonly rank: number;
  readonly alpha: number;
  /** scale = α / √r instead of α / r (rank-stabilised LoRA, arXiv:2312.03732). */
  readonly isRankStabilised: boolean;
  /** The base stores its linear layers as in × out. */
  readonly fanInFanOut: boolean;
  readonly rankPattern: ReadonlyMap<string, number>;
  readonly alphaPattern: ReadonlyMap<string, number>;
  readonly modulesToSave: readonly string[];
  readonly baseName: string | undefined;
}

/** Initialisations after which the base itself was changed: the adapter alone does not lead back to the expert. */
const CHANGES_BASE = /^(pissa|olora|corda|loftq|lora_ga)/;

/** Options that change the arithmetic, and are not read; set to anything but null, false or empty they are refused. */
const UNREAD = [
  "layer_replication",
  "use_qalora",
  "alora_invocation_tokens",
  "target_parameters",
  "arrow_config",
];

/** @throws AppError file/malformed, file/unsupported that names the option */
export function readLoraConfig(text: string, file: string): LoraConfig {
  const config = parsed(text, file);
  if (config.use_dora) throw unsupported(file, "says use_dora: DoRA");
  if (config.bias && config.bias !== "none")
    throw unsupported(file, `says bias “${clip(config.bias)}”: only “none”, anything else`);
  if (config.lora_bias) throw unsupported(file, "says lora_bias, which");
  if (typeof config.init_lora_weights === "string" && CHANGES_BASE.test(config.init_lora_weights)) {
    throw unsupported(
      file,
      `says init_lora_weights “${clip(config.init_lora_weights)}”, which changes the base and`,
      "Save it with path_initial_model_for_weight_conversion, which makes it a plain LoRA.",
    );
  }
  const unread = UNREAD.find((option) => isSet(config[option]));
  if (unread) throw unsupported(file, `sets ${unread}, which`);
  return {
    rank: config.r,
    alpha: config.lora_alpha,
    isRankStabilised: config.use_rslora ?? false,
    fanInFanOut: config.fan_in_fan_out ?? false,
    rankPattern: new Map(Object.entries(config.rank_pattern ?? {})),
    alphaPattern: new Map(Object.entries(config.alpha_pattern ?? {})),
    modulesToSave: config.modules_to_save ?? [],
    baseName: config.base_model_name_or_path ?? undefined,
  };
}

const MERGE_FIRST = "Merge the adapter into its base (merge_and_unload) and open the whole model.";

function unsupported(file: string, option: string, todo = MERGE_FIRST) {
  return fileError("file/unsupported", file, `${option} is not supported. ${todo}`, { option });
}

/** Returns α and the promised rank of one module. @throws AppError file/malformed for a pattern that is no expression */
export function loraOf(
  { rank, alpha, rankPattern, alphaPattern }: LoraConfig,
  module: string,
  file: string,
): { readonly rank: number; readonly alpha: number } {
  return {
    rank: matching(rankPattern, module, file) ?? rank,
    alpha: matching(alphaPattern, module, file) ?? alpha,
  };
}

/** Returns s of ΔW = s · B · A. */
export function loraScale(alpha: number, rank: number, isRankStabilised: boolean): number {
  return isRankStabilised ? alpha / Math.sqrt(rank) : alpha / rank;
}

/** The first pattern that matches the module's whole name or its end from a dot on, as PEFT's get_pattern_key. */
function matching(all: ReadonlyMap<string, number>, module: string, file: string): number | undefined {
  for (const [pattern, value] of all) {
    if (module === pattern || module.endsWith(`.${pattern}`)) return value;
    try {
      if (new RegExp(`^(?:.*\\.)?(?:${pattern})$`).test(module)) return value;
    } catch {
      throw fileError("file/malformed", file, `has the pattern “${clip(pattern)}”, which is no expression.`);
    }
  }
  return undefined;
}

function parsed(text: string, file: string): z.infer<typeof schema> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw fileError("file/malformed", file, "is no JSON. Copy it again from the adapter's folder.");
  }
  // Other kinds of adapters have other fields: they are told by their name, not by what they lack.
  const kind = z.looseObject({ peft_type: z.string() }).safeParse(value).data?.peft_type;
  if (kind !== undefined && kind !== "LORA") throw unsupported(file, `says peft_type “${clip(kind)}”, which`);
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw fileError(
    "file/malformed",
    file,
    `is no LoRA configuration: ${issue?.path.join(".") ?? ""} ${issue?.message ?? ""}. Take adapter_config.json from the adapter's folder.`,
    { field: issue?.path.join(".") ?? "" },
  );
}

function isSet(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  return value !== undefined && value !== null && value !== false;
}
