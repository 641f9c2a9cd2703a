/** The files that describe a zoo of models: public/zoo/index.json, and per family family.json and card.json. */
import { z } from "zod";
import { AppError } from "./errors.ts";
import { inputSpec } from "./eval/input.ts";
import type { ModelFile } from "./formats/format.ts";
import type { NonFinitePolicy } from "./library/repair.ts";
import { contentId, expertId } from "./recipe/schema.ts";

const id = z.string().regex(/^[a-z0-9][a-z0-9-]{0,31}$/, "a slug of a-z, 0-9, dash");

/** A path below the family's folder: no scheme, no way up. */
const path = z.string().regex(/^(?:[a-z0-9][a-z0-9._-]*\/)*[a-z0-9][a-z0-9._-]*\/?$/i, "a relative path");

/** The id of every family made of the user's files: recipes tell them apart by their base's content. */
export const OWN_FAMILY = "own";

const count = z.int().min(0).max(1_000_000);

/** Families lie beside each other, each in the folder of its id, so that one may share another's files. */
export const zooIndex = z.object({
  version: z.literal(1),
  families: z
    .array(
      z
        .object({
          id,
          path,
          name: z.string(),
          /** Content of its base, so that a recipe for it finds the family. */
          base: contentId.optional(),
        })
        .refine((family) => family.path === `${family.id}/`, { error: "path must be the id and a slash" }),
    )
    .min(1)
    .max(64),
});

/**
 * One file per task and split: eval/<task>.<split>.bin. "quick" holds the first rows of "validation"; "train" is there
 * where more than the few shots can be learned from.
 */
export type ZooSplit = "train" | "fewShot" | "validation" | "quick" | "test";

const task = z.object({
  id,
  label: z.string(),
  /** Labels are u8, and 255 is taken (NO_CLASS). */
  classes: z.array(z.string()).min(2).max(255),
  n: z.object({ train: count.exactOptional(), fewShot: count, validation: count, quick: count, test: count }),
});

/**
 * - "full": every tensor of the base
 * - "lora": a PEFT adapter over the base, with its adapter_config.json beside it or at `config`
 * - "sparse": the entries that differ from the base (formats/sparse.ts)
 */
export const checkpointFormats = ["full", "lora", "sparse"] as const;

const checkpoint = z.object({
  step: z.int().min(0),
  file: path,
  format: z.enum(checkpointFormats).default("full"),
  config: path.optional(),
});

const expert = z.object({
  id: expertId,
  label: z.string(),
  task: id,
  /** Ascending steps; the last is the reference. */
  checkpoints: z
    .array(checkpoint)
    .min(1)
    .refine((list) => list.every(({ step }, i) => i === 0 || step > (list[i - 1]?.step ?? step)), {
      error: "steps must ascend",
    }),
});

export const zooFamily = z
  .object({
    version: z.literal(1),
    id,
    name: z.string(),
    /**
     * Another family of the zoo: skeleton, base, heads and examples are read from its folder, under the paths given here;
     * experts, their adapters' configs, card.json and results.json are this family's own.
     */
    shares: id.optional(),
    /** ONNX without weights: every float tensor of the base is an input, and so are x and what the heads give. */
    skeleton: path,
    base: path,
    /**
     * Inputs that no merge touches: a file of tensors named `<input>` (the same for all tasks) or `<input>.<task>`. The
     * logits' scale, where a family has one, is constant in the skeleton, and told here.
     */
    heads: z.object({ file: path, scale: z.number().positive().optional() }).optional(),
    input: inputSpec,
    /** Examples that the graph takes at once; any number unless told. */
    batch: z.int().positive().max(65_536).optional(),
    /** The output (N × C) to take the largest of. */
    logits: z.string(),
    tasks: z.array(task).min(1).max(64),
    experts: z.array(expert).max(64),
  })
  .refine(({ tasks, experts }) => experts.every((e) => tasks.some((t) => t.id === e.task)), {
    error: "every expert's task must be listed",
  });

const accuracies = z.array(z.number().min(0).max(1));

/** What the page shows of a family's making. Further fields are kept. */
export const zooCard = z.looseObject({
  /** What trained the models. */
  trainedBy: z.string(),
  /** Mean test accuracies over the tasks, one per step. */
  measured: z.looseObject({
    steps: z.array(z.int().min(0)),
    expert: accuracies,
    average: accuracies,
    taskArithmeticBest: accuracies,
    /** Chosen on validation, one per step. */
    taskArithmeticLambda: z.array(z.number()),
  }),
});

export type ZooFamily = z.infer<typeof zooFamily>;
export type ZooExpert = ZooFamily["experts"][number];
export type ZooCheckpoint = ZooExpert["checkpoints"][number];

/** An opened family: its description, and its files by their paths below its folder. */
export interface FamilyFiles {
  readonly family: ZooFamily;
  /** Unpacked bytes; the caller owns them. @throws AppError zoo/unavailable */
  bytes(path: string): Promise<Uint8Array<ArrayBuffer>>;
  /** @throws AppError zoo/unavailable, file/… */
  open(path: string): Promise<ModelFile>;
  /** What becomes of entries of the base that are no numbers; "error" unless told. */
  readonly nonFinite?: NonFinitePolicy | undefined;
}

/** Reads one of the JSON files above. @throws AppError zoo/unavailable that names the file and the field */
export function parseZooJson<T>(schema: z.ZodType<T>, text: string, file: string): T {
  const result = schema.safeParse(jsonOf(text, file));
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const field = issue?.path.join(".") ?? "";
  throw unreadable(file, `${field}: ${issue?.message ?? "does not fit"}`);
}

/** Returns the family in whose folder a file of this one lies. */
export function ownerOf({ id: own, shares, experts }: ZooFamily, file: string): string {
  if (shares === undefined) return own;
  const isOwn = experts.some(({ checkpoints }) =>
    checkpoints.some((one) => one.file === file || (one.format === "lora" && configPath(one) === file)),
  );
  return isOwn ? own : shares;
}

/** Returns where an adapter's configuration is: as told, or beside the adapter. */
export function configPath({ file, config }: ZooCheckpoint): string {
  return config ?? file.replace(/[^/]*$/, "adapter_config.json");
}

/** Returns where a task's examples of one split are, below the family's folder. */
export function examplesPath(task: string, split: ZooSplit): string {
  return `eval/${task}.${split}.bin`;
}

function jsonOf(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw unreadable(file, "not JSON");
  }
}

function unreadable(file: string, reason: string): AppError {
  return new AppError("zoo/unavailable", `${file} cannot be read: ${reason}`, { file, reason });
}
