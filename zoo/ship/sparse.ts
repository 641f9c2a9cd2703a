/**
 * The sparse family: TaLoS experts, and the dense experts' last checkpoints beside them.
 *
 * Base, heads and examples are the vision family's.
 */
import { copyFile, mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { ZooFamily } from "../../src/core/zoo.ts";
import { SEED, VISION_STEPS, visionTasks } from "../families.ts";
import type { Stage } from "../stage.ts";
import { writeCard, writeFamily } from "./family.ts";
import { sparseLicences, visionSources } from "./licences.ts";
import { found, VISION_PARAMETERS, visionCommon } from "./vision.ts";

const LAST = VISION_STEPS[VISION_STEPS.length - 1] ?? 0;

/** @param tasks the vision family's */
export async function shipSparse(
  zoo: string,
  sparse: ReadonlyMap<string, Stage>,
  dense: ReadonlyMap<string, Stage>,
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
      await put(join(found(sparse, id).folder, `step-${step}.safetensors`), sparseFile(id, step));
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
  await writeCard(folder, head, tasks);
  await writeFile(join(folder, "LICENSES.md"), sparseLicences());
}

function sparseFile(task: string, step: number): string {
  return `experts/${task}/step-${step}.safetensors`;
}

function denseFile(task: string): string {
  return `dense/${task}.safetensors`;
}
