/** A task's examples as the user gave them: classes, splits, and rows on demand. */
import type { ExampleInputs, InputSpec } from "../eval/input.ts";
import type { Examples } from "../eval/suite.ts";
import type { ZooSplit } from "../zoo.ts";
import { dataError } from "./data-error.ts";
import { fillArray, fitInput, type WantedShape } from "./fit-input.ts";
import type { Part, RawExamples, RawInputs } from "./raw-examples.ts";
import { type SplitPurpose, splitExamples } from "./split.ts";

export interface Dataset {
  /** A slug, and a task's id. */
  readonly id: string;
  readonly label: string;
  readonly classes: readonly string[];
  /** Examples of each class, over all splits; 0 for numbers that are skipped. */
  readonly counts: readonly number[];
  /** One of its files, for messages. */
  readonly file: string;
  readonly n: Readonly<Record<ZooSplit, number>>;
  /** What a graph that wants this input gets. @throws AppError data/malformed when it cannot be made */
  input(wanted: WantedShape): InputSpec;
  /** Returns a split's examples, or the first of them; "quick" is the beginning of "validation". */
  examples(split: ZooSplit, input: InputSpec, limit?: number): Promise<Examples>;
}

/** Labels are u8, and 255 is taken (NO_CLASS). */
const MAX_CLASSES = 255;
const QUICK = 256;

/**
 * Groups what was read by name, one data set each.
 *
 * Classes are numbers in their order, or else names in the order of their code points (as ImageFolder and scikit-learn
 * number them): the model's outputs must be in that order.
 *
 * @throws AppError data/malformed
 */
export function datasetsOf(
  found: readonly RawExamples[],
  seed: number,
  purpose: SplitPurpose = "measure",
): readonly Dataset[] {
  const groups = new Map<string, RawExamples[]>();
  for (const examples of found) {
    const id = slug(examples.name);
    groups.set(id, [...(groups.get(id) ?? []), examples]);
  }
  return [...groups].map(([id, parts]) => dataset(id, parts, seed, purpose));
}

function dataset(id: string, parts: readonly RawExamples[], seed: number, purpose: SplitPurpose): Dataset {
  const { file, name, inputs } = parts[0];
  const stranger = parts.find((part) => kindOf(part.inputs) !== kindOf(inputs));
  if (stranger) {
    throw dataError(
      stranger.file,
      `has examples of another kind or shape than “${file}”. Give the data sets different names.`,
    );
  }
  const names = parts.flatMap(({ labels }) => labels);
  const classes = classesOf(names, file);
  const indexOf = new Map(classes.map((one, index) => [one, index]));
  const labels = Uint8Array.from(names, (one) => indexOf.get(one) ?? indexOf.get(String(Number(one))) ?? 0);
  const meant = parts.flatMap(({ labels: own, part }) => own.map((): Part | undefined => part));
  const parted = splitExamples(labels, meant, seed, id, purpose);
  const splits = { ...parted, quick: parted.validation.subarray(0, QUICK) };
  return {
    id,
    label: name.trim() === "" ? "Own examples" : name,
    classes,
    counts: classes.map((_, index) => labels.reduce((sum, label) => sum + Number(label === index), 0)),
    file,
    n: {
      train: splits.train.length,
      fewShot: splits.fewShot.length,
      validation: splits.validation.length,
      test: splits.test.length,
      quick: splits.quick.length,
    },
    input: (wanted) => fitInput(inputs, wanted, file),
    async examples(split, input, limit) {
      const rows = splits[split].subarray(0, limit);
      return {
        count: rows.length,
        labels: Uint8Array.from(rows, (row) => labels[row]),
        inputs: await gather(parts, rows, input),
      };
    },
  };
}

/** What must be equal within one data set. */
function kindOf(inputs: RawInputs): string {
  return inputs.kind === "array"
    ? `${inputs.values instanceof Uint8Array ? "bytes" : "numbers"} ${inputs.shape.join(" × ")}`
    : inputs.kind;
}

function classesOf(labels: readonly string[], file: string): readonly string[] {
  const distinct = [...new Set(labels)];
  const isNumbered = distinct.every((label) => /^\d{1,9}(\.0+)?$/.test(label));
  const count = isNumbered ? Math.max(...distinct.map(Number)) + 1 : distinct.length;
  if (count > MAX_CLASSES || count < 2) {
    throw dataError(
      file,
      count < 2
        ? "has one class only; an accuracy needs two at least."
        : `has ${count} classes; at most ${MAX_CLASSES} are measured. Is the right column the label?`,
      { classes: count },
    );
  }
  if (isNumbered) return Array.from({ length: count }, (_, index) => String(index));
  return distinct.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

/** The rows of all parts' concatenation. */
async function gather(
  parts: readonly RawExamples[],
  rows: Uint32Array,
  input: InputSpec,
): Promise<ExampleInputs> {
  const starts: number[] = [];
  let total = 0;
  for (const { labels } of parts) {
    starts.push(total);
    total += labels.length;
  }
  const places = Array.from(rows, (row) => {
    const part = starts.findLastIndex((start) => start <= row);
    return { inputs: parts[part].inputs, row: row - starts[part] };
  });
  if (input.kind === "text") {
    return {
      kind: "text",
      texts: places.map(({ inputs, row }) => (inputs.kind === "text" ? inputs.texts[row] : "")),
    };
  }
  const size = input.shape.reduce((product, dimension) => product * dimension, 1);
  if (input.kind === "values") {
    const values = new Float32Array(rows.length * size);
    for (const [i, { inputs, row }] of places.entries())
      fillArray(values.subarray(i * size, (i + 1) * size), inputs, row, input);
    return { kind: "values", values };
  }
  const images = new Uint8Array(rows.length * size);
  for (const [i, { inputs, row }] of places.entries())
    if (inputs.kind === "array") fillArray(images.subarray(i * size, (i + 1) * size), inputs, row, input);
  for (const { inputs } of parts) {
    if (inputs.kind !== "pictures") continue;
    const own = [...places.keys()].filter((i) => places[i].inputs === inputs);
    const loaded = await inputs.load(
      own.map((i) => places[i].row),
      input.shape,
    );
    for (const [k, i] of own.entries()) images.set(loaded.subarray(k * size, (k + 1) * size), i * size);
  }
  return { kind: "image", images };
}

/** An id made of a name: a–z, 0–9 and dashes, 32 at most; "data" where nothing is left. */
export function slug(name: string): string {
  const ascii = name
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "");
  return ascii.slice(0, 32) || "data";
}
