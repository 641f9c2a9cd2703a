/** Tries a family's base on tasks, before anything is given up for them. */
import type { Context } from "../context.ts";
import { MergedImage } from "../eval/image.ts";
import { openEvaluator } from "../eval/open-evaluator.ts";
import type { GraphRunner } from "../graph-runner.ts";
import { isFloat } from "../tensor/dtype.ts";
import type { FamilyFiles } from "../zoo.ts";

const HARD = { kind: "el2n", fraction: 0.1, lateStep: 0 } as const;

/** Evaluates the base on one example of each task. @throws AppError data/malformed when the graph scores too few classes; eval/… */
export async function requireScores(
  files: FamilyFiles,
  runner: GraphRunner,
  tasks: readonly string[],
  context: Context,
): Promise<void> {
  const base = await files.open(files.family.base);
  const image = new MergedImage();
  for (const { name, dtype } of base.tensors.values())
    if (isFloat(dtype)) image.put(name, [await base.load(name)]);
  image.commit(1);
  const { evaluator, trunk } = await openEvaluator(files, runner, context);
  try {
    const request = { recipeKey: "base", split: "validation", session: "inputs", hard: HARD } as const;
    await evaluator.evaluate({ ...request, revision: 1, stages: [1], tasks }, image, context);
  } finally {
    await trunk.release();
  }
}
