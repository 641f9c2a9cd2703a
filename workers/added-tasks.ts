/** Examples as tasks of a family: read, looked at, and tried with its base. */
import { withPictures } from "#core/data/array-pictures.ts";
import { type Dataset, datasetsOf } from "#core/data/dataset.ts";
import type { RawExamples } from "#core/data/raw-examples.ts";
import { readExampleFiles } from "#core/data/read-examples.ts";
import { AppError } from "#core/errors.ts";
import type { GraphRunner } from "#core/graph-runner.ts";
import { asTask, withTasks } from "#core/library/added-tasks.ts";
import { type FoundTask, familyBorder, foundTask } from "#core/library/found-task.ts";
import { drawHeads, prototypeFamily } from "#core/library/prototypes.ts";
import { requireScores } from "#core/library/require-scores.ts";
import type { FamilyFiles, ZooFamily } from "#core/zoo.ts";
import { dataPlatform } from "./data-platform.ts";
import { fileSource } from "./file-source.ts";
import type { JobContext } from "./jobs.ts";
import { openOwnFiles, SPLIT_SEED } from "./own-files.ts";
import type { DroppedFile, ExtendedSource, FamilySource, TaskSource } from "./protocol/api.ts";

type Open = (source: FamilySource) => Promise<FamilyFiles>;

/** Reads the tasks' data sets, made to fit the family. @throws AppError data/malformed, file/… */
export async function readTasks(
  tasks: readonly TaskSource[],
  family: ZooFamily,
  isDrawn: (task: TaskSource) => boolean,
): Promise<readonly Dataset[]> {
  const read = new Map<readonly DroppedFile[], Promise<readonly Dataset[]>>();
  const found: Dataset[] = [];
  for (const task of tasks) {
    const datasets = read.get(task.files) ?? readDatasets(task.files, family);
    read.set(task.files, datasets);
    const dataset = (await datasets).find(({ id }) => id === task.dataset);
    if (!dataset) {
      throw new AppError("data/malformed", `The files hold no examples of “${task.label}” any more.`, {
        task: task.id,
      });
    }
    found.push(asTask(dataset, task, family, isDrawn(task)));
  }
  return found;
}

async function readDatasets(files: readonly DroppedFile[], family: ZooFamily): Promise<readonly Dataset[]> {
  const sources = files.map(({ path, file }) => ({ path, source: fileSource(file) }));
  const raw = await readExampleFiles(sources, dataPlatform);
  return datasetsOf(
    raw.map((one) => asInput(one, family)),
    SPLIT_SEED,
    "learn",
  );
}

function asInput(raw: RawExamples, { input, tasks }: ZooFamily): RawExamples {
  return input.kind === "image" && tasks.length > 0 ? withPictures(raw, input.shape) : raw;
}

/** Opens a family with the tasks that were added to it. @throws as opening the family alone, data/malformed, eval/graph */
export async function openExtended({ family, tasks }: ExtendedSource, open: Open): Promise<FamilyFiles> {
  const files = await open(family);
  const datasets = await readTasks(tasks, files.family, ({ directions }) => directions !== undefined);
  // The user's own graph and heads are put together anew, with all tasks.
  if (typeof family !== "string") return openOwnFiles(family, datasets);
  const added = datasets.map((dataset, i) => ({ dataset, directions: tasks[i]?.directions }));
  return withTasks(files, added);
}

/** Looks at examples as tasks of a family, and tries its base on them. @throws AppError data/malformed, eval/… */
export async function inspectTasks(
  source: FamilySource,
  files: readonly DroppedFile[],
  open: Open,
  runner: GraphRunner,
  context: JobContext,
): Promise<readonly FoundTask[]> {
  const before = await open(source);
  const isDrawn = (await prototypeFamily(before)) !== undefined;
  const border = await familyBorder(before);
  const found: FoundTask[] = [];
  for (const dataset of await readDatasets(files, before.family)) {
    const { id, label } = dataset;
    const task = { ...NO_CHOICE, files, dataset: id, id: untaken(id, before.family), label };
    const fitting = asTask(dataset, task, before.family, isDrawn);
    if (isDrawn) found.push(await foundTask(fitting, id, before, border, isDrawn));
    else {
      // What one's own graph takes and scores is known when it gets something to take.
      const whole = await open(extended(source, task));
      await requireScores(whole, runner, [task.id], context);
      found.push(await foundTask(fitting, id, whole, border, isDrawn));
    }
  }
  return found;
}

const NO_CHOICE = { isInverted: false, shots: 2 } as const;

/** An id for a task that is only looked at: another one may have its name. */
function untaken(id: string, { tasks }: ZooFamily): string {
  return tasks.some((task) => task.id === id) ? NAMELESS : id;
}

/** No word gives this id. */
const NAMELESS = "0-0";

function extended(source: FamilySource, task: TaskSource): ExtendedSource {
  const isExtended = typeof source !== "string" && "family" in source;
  return isExtended
    ? { ...source, tasks: [...source.tasks, task] }
    : { id: "", family: source, tasks: [task] };
}

/** Draws the heads of a family's tasks from one on; none where the classifier is in the graph. @throws AppError data/malformed, eval/… */
export async function prepareTasks(
  source: ExtendedSource,
  from: number,
  open: Open,
  runner: GraphRunner,
  context: JobContext,
): Promise<readonly (Float32Array<ArrayBuffer> | undefined)[]> {
  const added = source.tasks.slice(from);
  const before = await open({ ...source, tasks: source.tasks.slice(0, from) });
  const family = await prototypeFamily(before);
  if (!family) return added.map(() => undefined);
  const datasets = await readTasks(added, before.family, () => true);
  const wanted = datasets.map((dataset, i) => ({ dataset, shots: added[i]?.shots ?? NO_CHOICE.shots }));
  return drawHeads(family, runner, wanted, context);
}
