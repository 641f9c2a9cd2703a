/** The vision family as the page reads it: weights and heads as trained, examples with their difficulty. */
import { copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { bytesSource } from "../../src/core/formats/format.ts";
import { encodeOnnx } from "../../src/core/formats/onnx.ts";
import { safetensors } from "../../src/core/formats/safetensors.ts";
import { sizeOf } from "../../src/core/tensor/tensor.ts";
import { INPUT, PIXELS, type Pictures, type VisionData } from "../data/vision.ts";
import { EXPERT_SEED, VISION_STEPS, visionTasks } from "../families.ts";
import { LOGIT_SCALE, visionSkeleton, visionWeights } from "../graphs/vision.ts";
import type { Stage } from "../stage.ts";
import { type ShippedSplit, type SplitRows, type StoredSplit, writeExamples } from "./examples.ts";
import { writeCard, writeFamily } from "./family.ts";
import { visionLicences, visionSources } from "./licences.ts";

export const VISION_PARAMETERS = visionWeights.reduce((sum, { shape }) => sum + sizeOf(shape), 0);

/** Stages whose results are shipped; experts and scores by task. */
export interface VisionStages {
  readonly base: Stage;
  readonly heads: Stage;
  readonly experts: ReadonlyMap<string, Stage>;
  readonly scores: ReadonlyMap<string, Stage>;
}

/** The description that the vision family and those that share its files have in common. */
export interface VisionCommon {
  readonly version: 1;
  readonly skeleton: string;
  readonly base: string;
  readonly heads: { readonly file: string; readonly scale: number };
  readonly input: { kind: "image"; name: string; shape: [1, number, number]; mean: number; std: number };
  readonly logits: string;
}

export const visionCommon: VisionCommon = {
  version: 1,
  skeleton: "skeleton.onnx",
  base: "base.safetensors",
  heads: { file: "heads.safetensors", scale: LOGIT_SCALE },
  input: { kind: "image", name: "x", shape: [1, 28, 28], ...INPUT },
  logits: "logits",
};

type ShippedTask = Omit<(typeof visionTasks)[number], "classes"> & {
  readonly classes: string[];
  readonly n: Record<ShippedSplit, number>;
};

/** Writes the family into `<zoo>/vision`. Returns its tasks, for families that share them. */
export async function shipVision(
  zoo: string,
  stages: VisionStages,
  data: VisionData,
): Promise<ShippedTask[]> {
  const folder = join(zoo, "vision");
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, visionCommon.skeleton), encodeOnnx(visionSkeleton()));
  await copyFile(join(stages.base.folder, "base.safetensors"), join(folder, visionCommon.base));
  await copyFile(join(stages.heads.folder, "heads.safetensors"), join(folder, visionCommon.heads.file));
  const tasks: ShippedTask[] = [];
  for (const task of visionTasks) {
    const { folder: from } = found(stages.experts, task.id);
    for (const step of VISION_STEPS) {
      const to = join(folder, checkpointOf(task.id, step));
      await mkdir(dirname(to), { recursive: true });
      await copyFile(join(from, `step-${step}.safetensors`), to);
    }
    const splits = await splitsOf(task.id, data, found(stages.scores, task.id));
    tasks.push({ ...task, classes: [...task.classes], n: await writeExamples(folder, task.id, splits) });
  }
  await writeFamily(folder, {
    ...visionCommon,
    id: "vision",
    name: "Vision zoo",
    tasks,
    experts: visionTasks.map(({ id, label }) => ({
      id,
      label: `${label} expert`,
      task: id,
      checkpoints: VISION_STEPS.map((step) => ({ step, file: checkpointOf(id, step) })),
    })),
  });
  const head = {
    name: "Vision zoo",
    parameters: VISION_PARAMETERS,
    sources: await visionSources(),
    seed: EXPERT_SEED,
    training:
      "AdamW; base 2,500 steps on glyphs of other scripts, experts 2,560 steps with frozen two-shot heads",
  };
  await writeCard(folder, head, tasks);
  await writeFile(join(folder, "LICENSES.md"), await visionLicences());
  return tasks;
}

function checkpointOf(task: string, step: number): string {
  return `experts/${task}/step-${step}.safetensors`;
}

async function splitsOf(
  task: string,
  data: VisionData,
  scores: Stage,
): Promise<Record<StoredSplit, SplitRows>> {
  const path = join(scores.folder, "scores.safetensors");
  const file = await safetensors.open(bytesSource(new Uint8Array(await readFile(path))), path);
  const rows = async (split: StoredSplit): Promise<SplitRows> => ({
    ...picturesAsRows(await data.pictures(`${task}.${split}`)),
    el2n: await file.load(`${split}.el2n`),
    learned: Uint16Array.from(await file.load(`${split}.learned`)),
  });
  return { fewShot: await rows("fewShot"), validation: await rows("validation"), test: await rows("test") };
}

function picturesAsRows({ count, images, labels }: Pictures): Pick<SplitRows, "count" | "inputs" | "labels"> {
  return {
    count,
    labels,
    inputs: (n) => [
      {
        spec: { name: "images", dtype: "u8", shape: [n, 28, 28] },
        bytes: images.slice(0, n * PIXELS),
      },
    ],
  };
}

/** The stage of a task; every task has one. */
export function found(stages: ReadonlyMap<string, Stage>, id: string): Stage {
  const stage = stages.get(id);
  if (!stage) throw new Error(`no stage for ${id}`);
  return stage;
}
