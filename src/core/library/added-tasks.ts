/** Tasks that the user adds to a family: their data sets, made to fit it, beside those it has. */

import { dataError } from "../data/data-error.ts";
import type { Dataset } from "../data/dataset.ts";
import { type ExampleInputs, exampleShape, type InputSpec } from "../eval/input.ts";
import { arrayFile, type HeldTensor } from "../formats/array-file.ts";
import type { ModelFile } from "../formats/format.ts";
import type { FamilyFiles, ZooFamily } from "../zoo.ts";
import { examplesFiles } from "./own-examples.ts";

/** What the user has chosen for a data set that becomes a task. */
export interface TaskChoice {
  readonly id: string;
  readonly label: string;
  /** Pictures get light where they are dark. */
  readonly isInverted: boolean;
}

/** A data set that fits the family, and the task's directions (C × features) where heads are drawn. */
export interface AddedTask {
  readonly dataset: Dataset;
  readonly directions?: Float32Array<ArrayBuffer> | undefined;
}

/**
 * Returns the data set as a task of the family.
 *
 * @param isDrawn whether its head is drawn from its examples, so that its classes are free
 * @throws AppError data/malformed when its examples or classes do not fit, or are too few
 */
export function asTask(
  dataset: Dataset,
  { id, label, isInverted }: TaskChoice,
  family: Pick<ZooFamily, "input" | "tasks">,
  isDrawn: boolean,
): Dataset {
  if (family.tasks.length > 0) requireKind(dataset, family.input);
  const { n, file } = dataset;
  if (n.fewShot === 0 || n.validation === 0 || n.test === 0) {
    throw dataError(
      file,
      `leaves ${n.train} examples to train, ${n.validation} to validate and ${n.test} to test; a task needs some of each. Four examples of every class are enough.`,
    );
  }
  const { classes, places } = isDrawn ? occurring(dataset) : known(dataset, family.tasks);
  return {
    ...dataset,
    id,
    label,
    classes,
    async examples(...which) {
      const found = await dataset.examples(...which);
      return {
        ...found,
        labels: found.labels.map((one) => places[one]),
        inputs: isInverted ? inverted(found.inputs) : found.inputs,
      };
    },
  };
}

/** Returns the family with more tasks; its own files stay as they are. */
export function withTasks(files: FamilyFiles, added: readonly AddedTask[]): FamilyFiles {
  const { family } = files;
  const datasets = added.map(({ dataset }) => dataset);
  const examples = examplesFiles(datasets, family.input);
  return {
    family: {
      ...family,
      tasks: [
        ...family.tasks,
        ...datasets.map(({ id, label, classes, n }) => ({ id, label, classes: [...classes], n })),
      ],
    },
    bytes: files.bytes,
    async open(path) {
      if (path === family.heads?.file) return withDirections(await files.open(path), added);
      return examples.get(path)?.() ?? files.open(path);
    },
  };
}

/** A heads file with more tasks' directions. */
function withDirections(heads: ModelFile, added: readonly AddedTask[]): ModelFile {
  const drawn = added.flatMap(({ dataset: { id, classes }, directions }): HeldTensor[] => {
    if (!directions) return [];
    const shape = [classes.length, directions.length / classes.length];
    return [
      {
        spec: { name: `W.${id}`, dtype: "f32", shape },
        bytes: async () => new Uint8Array(directions.slice().buffer),
      },
    ];
  });
  const stored = [...heads.tensors.values()].map(
    (spec): HeldTensor => ({ spec, bytes: () => heads.bytes(spec.name) }),
  );
  return arrayFile(heads.name, [...stored, ...drawn]);
}

/** @throws AppError data/malformed when the family's network takes something else */
function requireKind(dataset: Dataset, input: InputSpec): void {
  const { mean = 0, std = 1 } = input.kind === "text" ? {} : input;
  const own = dataset.input({ name: input.name, shape: exampleShape(input), mean, std });
  if (own.kind === input.kind) return;
  const names = { image: "pictures", text: "texts", values: "numbers" };
  const pixels = input.kind === "image" && own.kind === "values";
  throw dataError(
    dataset.file,
    `holds ${names[own.kind]}, and this family takes ${names[input.kind]}.${pixels ? " As pixels, numbers must be in 0…1 or 0…255." : ""}`,
  );
}

/** A data set's classes as a task has them, and the place there of each. */
interface Classes {
  readonly classes: readonly string[];
  readonly places: readonly number[];
}

/** The classes of which there are examples: numbers may skip some. @throws AppError data/malformed */
function occurring({ classes, counts, file }: Dataset): Classes {
  const kept = classes.filter((_, index) => counts[index] > 0);
  if (kept.length < 2) throw dataError(file, "has one class only; an accuracy needs two at least.");
  return { classes: kept, places: classes.map((one) => kept.indexOf(one)) };
}

/** The classes that the network scores already. @throws AppError data/malformed that names both */
function known({ classes, file }: Dataset, tasks: ZooFamily["tasks"]): Classes {
  const same = classes.map((_, index) => index);
  if (tasks.length === 0) return { classes, places: same };
  const isNumbered = classes.every((one, index) => one === String(index));
  for (const { classes: scored } of tasks) {
    const plain = scored.map(folded);
    const places = classes.map((one) => plain.indexOf(folded(one)));
    if (places.every((place) => place >= 0)) return { classes: scored, places };
    if (isNumbered && classes.length <= scored.length) return { classes: scored, places: same };
  }
  if (tasks.some(({ classes: scored }) => scored.length === classes.length)) return { classes, places: same };
  const scored = tasks[0].classes;
  throw dataError(
    file,
    `has ${classes.length} classes (${some(classes)}), and the model's own head scores ${scored.length} (${some(scored)}). Name the labels so, number them 0 to ${scored.length - 1}, or open a base whose head scores ${classes.length}.`,
    { classes: classes.length, scores: scored.length },
  );
}

function folded(name: string): string {
  return name.normalize("NFKC").trim().toLowerCase();
}

/** Names that are told before “…”. */
const TOLD = 12;

function some(names: readonly string[]): string {
  return names.length > TOLD ? `${names.slice(0, TOLD).join(", ")}, …` : names.join(", ");
}

function inverted(inputs: ExampleInputs): ExampleInputs {
  return inputs.kind === "image" ? { ...inputs, images: inputs.images.map((value) => 255 - value) } : inputs;
}
