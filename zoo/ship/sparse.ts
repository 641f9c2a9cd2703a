/**
 * The sparse family: TaLoS experts, and the dense experts' last checkpoints beside them.
 *
 * Base, heads and examples are the vision family's.
 */
import { copyFile, mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { chosen } from "../../src/core/localise/mask.ts";
import { jaccard } from "../../src/core/localise/overlap.ts";
import type { ZooFamily } from "../../src/core/zoo.ts";
import { SEED, VISION_STEPS, visionTasks } from "../families.ts";
import type { Stage } from "../stage.ts";
import { readMask } from "../train/sparse.ts";
import { writeCard, writeFamily } from "./family.ts";
import { sparseLicences, visionSources } from "./licences.ts";
import { found, VISION_PARAMETERS, visionCommon } from "./vision.ts";

const LAST = VISION_STEPS[VISION_STEPS.length - 1] ?? 0;

/** Stages whose results are shipped, by task. */
export interface SparseStages {
  readonly experts: ReadonlyMap<string, Stage>;
  readonly masks: ReadonlyMap<string, Stage>;
  readonly dense: ReadonlyMap<string, Stage>;
}

/** Writes the family into `<zoo>/sparse`. @param tasks the vision family's */
export async function shipSparse(
  zoo: string,
  { experts, masks, dense }: SparseStages,
  tasks: ZooFamily["tasks"],
): Promise<void> {
  const folder = join(zoo, "sparse");
  await rm(folder, { recursive: true, force: true });
  const put = async (from: string, file: string) => {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await copyFile(from, join(folder, file));
  };
  for (const { id } of visionTasks) {
    for (const step of VISION_STEPS)
      await put(join(found(experts, id).folder, `step-${step}.safetensors`), sparseFile(id, step));
    await put(join(found(dense, id).folder, `step-${LAST}.safetensors`), denseFile(id));
  }
  await writeFamily(folder, {
    ...visionCommon,
    id: "sparse",
    name: "Sparse zoo",
    shares: "vision",
    tasks,
    experts: [
      ...visionTasks.map(({ id, label }) => ({
        id,
        label: `${label} expert (TaLoS)`,
        task: id,
        checkpoints: VISION_STEPS.map((step) => ({
          step,
          file: sparseFile(id, step),
          format: "sparse" as const,
        })),
      })),
      ...visionTasks.map(({ id, label }) => ({
        id: `${id}-dense`,
        label: `${label} expert (dense)`,
        task: id,
        checkpoints: [{ step: LAST, file: denseFile(id) }],
      })),
    ],
  });
  const head = {
    name: "Sparse zoo",
    parameters: VISION_PARAMETERS,
    sources: await visionSources(),
    seed: SEED,
    training:
      "as the vision zoo's experts, but only the tenth of the weights moves that the base's answers depend on least (TaLoS)",
  };
  await writeCard(folder, { ...head, masks: await overlapOf(masks) }, tasks);
  await writeFile(join(folder, "LICENSES.md"), sparseLicences());
}

/** How many weights each task's mask chooses, and how far the masks of two tasks agree. */
async function overlapOf(stages: ReadonlyMap<string, Stage>) {
  const masks = await Promise.all(
    visionTasks.map(({ id }) => readMask(join(found(stages, id).folder, "mask.safetensors"))),
  );
  const pairs = masks.flatMap((a, i) => masks.slice(i + 1).map((b) => jaccard(a, b)));
  return {
    weights: masks.map(chosen),
    jaccard: Number((pairs.reduce((sum, pair) => sum + pair, 0) / pairs.length).toFixed(4)),
  };
}

function sparseFile(task: string, step: number): string {
  return `experts/${task}/step-${step}.safetensors`;
}

function denseFile(task: string): string {
  return `dense/${task}.safetensors`;
}
