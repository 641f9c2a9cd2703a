/** Opens what a zoo family brings for evaluation: its graph, heads and first examples. */
import type { Context } from "../context.ts";
import type { GraphRunner } from "../graph-runner.ts";
import type { FamilyFiles, ZooFamily } from "../zoo.ts";
import { Evaluator } from "./evaluator.ts";
import { noHeads, readHeads } from "./heads.ts";
import { Skeleton } from "./skeleton.ts";
import type { EvalSuite } from "./suite.ts";
import { Trunk } from "./trunk.ts";
import { ZooExamples } from "./zoo-examples.ts";

export interface OpenEvaluator {
  readonly evaluator: Evaluator;
  readonly examples: ZooExamples;
  readonly trunk: Trunk;
}

/**
 * Reads graph, heads and the quick examples, and warms the graph up; whole splits are read when they are needed.
 *
 * @throws AppError zoo/unavailable, file/malformed, eval/graph
 */
export async function openEvaluator(
  files: FamilyFiles,
  runner: GraphRunner,
  context: Context,
): Promise<OpenEvaluator> {
  const { family } = files;
  const suite = suiteOf(family);
  const examples = new ZooExamples(suite, files.open);
  const taskIds = suite.tasks.map(({ id }) => id);
  const total = suite.tasks.length + 2;
  let done = 0;
  const step = () => context.progress(++done, total);
  const openTrunk = async () => {
    const [graph, heads] = await Promise.all([
      files.bytes(family.skeleton),
      family.heads ? readHeads(await files.open(family.heads.file), taskIds) : noHeads,
    ]);
    step();
    const { input } = suite;
    const skeleton = new Skeleton(graph, family.skeleton, [input.name, ...heads.inputs]);
    const trunk = new Trunk(runner, { skeleton, heads, input, logits: family.logits, batch: family.batch });
    await trunk.warmUp();
    step();
    return trunk;
  };
  const [trunk] = await Promise.all([
    openTrunk(),
    ...suite.tasks.map((task) => examples.atLeast(task.id, "validation", task.n.quick).then(step)),
  ]);
  context.signal.throwIfAborted();
  return { evaluator: new Evaluator(suite, examples, trunk), examples, trunk };
}

/** Returns what the family is measured on. */
export function suiteOf({ id, tasks, input }: ZooFamily): EvalSuite {
  return { id, tasks: tasks.map(({ id: task, classes, n }) => ({ id: task, classes, n })), input };
}
