/** Experts of a zoo family, each checkpoint opened when it is first wanted. */
import type { ModelFile } from "../formats/format.ts";
import { contentOf } from "../model/content-id.ts";
import type { Checkpoint, ExpertModel } from "../model/library.ts";
import type { Kernels } from "../tensor/kernels.ts";
import { configPath, type FamilyFiles, type ZooCheckpoint, type ZooExpert } from "../zoo.ts";
import { asExpert, type ConfigText, requireFormat } from "./adapters.ts";
import { unknownCheckpoint } from "./dropped-experts.ts";
import { fileCheckpoint } from "./file-checkpoint.ts";

export interface ZooSurroundings {
  readonly files: FamilyFiles;
  readonly base: Checkpoint;
  readonly baseFile: ModelFile;
  readonly kernels: Kernels;
}

/** Checkpoints are fetched once, when they are first wanted; a failed fetch may be tried again. */
export function zooExpert({ id, task, checkpoints }: ZooExpert, surroundings: ZooSurroundings): ExpertModel {
  const opened = new Map<number, Promise<Checkpoint>>();
  return {
    id,
    task,
    steps: checkpoints.map(({ step }) => step),
    checkpoint(step) {
      const known = opened.get(step);
      if (known) return known;
      const found = checkpoints.find((candidate) => candidate.step === step);
      const opening = found ? open(found, surroundings) : Promise.reject(unknownCheckpoint(id, step));
      opened.set(step, opening);
      opening.catch(() => opened.delete(step));
      return opening;
    },
  };
}

async function open(checkpoint: ZooCheckpoint, surroundings: ZooSurroundings): Promise<Checkpoint> {
  const { files, base, baseFile, kernels } = surroundings;
  const [file, config] = await Promise.all([files.open(checkpoint.file), configOf(checkpoint, files)]);
  requireFormat(file, checkpoint.format);
  const expert = asExpert(file, { file: baseFile, id: base.id }, config);
  return fileCheckpoint(expert, await contentOf(expert), kernels, base);
}

async function configOf(checkpoint: ZooCheckpoint, files: FamilyFiles): Promise<ConfigText | undefined> {
  if (checkpoint.format !== "lora") return undefined;
  const file = configPath(checkpoint);
  return { file, text: new TextDecoder().decode(await files.bytes(file)) };
}
