/** Which array holds the inputs and which the labels, by their names: "x_train" and "y_train", "train-images" and "train-labels". */
import type { AnyArray } from "./array.ts";
import { dataError } from "./data-error.ts";
import { type Part, partOf, type RawExamples } from "./raw-examples.ts";

export interface NamedArray {
  readonly file: string;
  /** Of the array in its file; the file's own where it holds one. */
  readonly name: string;
  readonly array: AnyArray;
}

const INPUTS = /^(x|inputs?|images?|features?|data|values|texts?)$/i;
const LABELS = /^(y|labels?|targets?|classes)$/i;
/** Words that only repeat the format. */
const NOISE = /^(idx\d?|ubyte|npy)$/i;

interface Said {
  readonly side: "inputs" | "labels" | undefined;
  readonly part: Part | undefined;
  /** What is left of the name: the data set's. */
  readonly rest: string;
}

/** Tells whether tensors of these names are examples: inputs and labels, and nothing else. */
export function areExamples(names: readonly string[]): boolean {
  const sides = new Set(names.map((name) => saidBy({ name, file: "" }).side));
  return sides.size === 2 && sides.has("inputs") && sides.has("labels");
}

/** Pairs arrays; those of one file or one name belong together. @throws AppError data/malformed when one stays alone */
export function arrayExamples(arrays: readonly NamedArray[]): readonly RawExamples[] {
  const groups = new Map<string, { said: Said; inputs?: NamedArray; labels?: NamedArray }>();
  for (const named of arrays) {
    const said = saidBy(named);
    if (!said.side) {
      throw dataError(
        named.file,
        `holds “${named.name}”, and nothing says whether these are inputs or labels. Name arrays x and y.`,
        { tensor: named.name },
      );
    }
    const key = `${said.rest}\n${said.part ?? ""}`;
    const group = groups.get(key) ?? { said };
    if (group[said.side]) {
      throw dataError(named.file, `and “${group[said.side]?.file}” are both ${said.side} of one data set.`);
    }
    groups.set(key, { ...group, [said.side]: named });
  }
  return [...groups.values()].map(({ said, inputs, labels }) => {
    if (!inputs || !labels) {
      const alone = (inputs ?? labels)?.file ?? "";
      throw dataError(alone, `has no ${inputs ? "labels" : "inputs"} beside it. Drop both files together.`);
    }
    return pair(said, inputs, labels);
  });
}

function saidBy({ name, file }: Omit<NamedArray, "array">): Said {
  const own = file.slice(file.lastIndexOf("/") + 1);
  const isMember = !own.startsWith(name);
  const words = name.split(/[^a-z0-9]+/i).filter((word) => word !== "" && !NOISE.test(word));
  const side = words.some((word) => LABELS.test(word))
    ? "labels"
    : words.some((word) => INPUTS.test(word))
      ? "inputs"
      : undefined;
  const fileWords = isMember ? own.replace(/\.[^.]*$/, "").split(/[^a-z0-9]+/i) : [];
  const part = [...words, ...fileWords].map(partOf).find((one) => one !== undefined);
  const rest = [...words, ...fileWords]
    .filter((word) => word !== "" && !LABELS.test(word) && !INPUTS.test(word) && !partOf(word))
    .join(" ");
  return { side, part, rest };
}

function pair({ rest, part }: Said, inputs: NamedArray, labels: NamedArray): RawExamples {
  const count = labels.array.shape[0] ?? 0;
  const isFlat = labels.array.shape.slice(1).every((size) => size === 1);
  if (labels.array.shape.length === 0 || !isFlat) {
    throw dataError(
      labels.file,
      `holds labels of shape ${labels.array.shape.join(" × ")}; one class for each example is needed (argmax of one-hot rows).`,
    );
  }
  if (inputs.array.shape[0] !== count || count === 0) {
    throw dataError(
      inputs.file,
      `holds ${inputs.array.shape[0] ?? 0} examples, and there are ${count} labels.`,
    );
  }
  const shape = inputs.array.shape.slice(1);
  const common = { name: rest, file: inputs.file, labels: labelsOf(labels), part };
  if ("texts" in inputs.array) return { ...common, inputs: { kind: "text", texts: inputs.array.texts } };
  requireNumbers(inputs.array.values, count, inputs.file);
  return { ...common, inputs: { kind: "array", shape, values: inputs.array.values } };
}

function labelsOf({ file, array }: NamedArray): readonly string[] {
  if ("texts" in array) return array.texts;
  return Array.from(array.values, (value, row) => {
    if (!Number.isInteger(value) || value < 0)
      throw dataError(file, `has the label ${value} in row ${row}: classes are whole numbers from 0.`, {
        row,
      });
    return String(value);
  });
}

function requireNumbers(values: Uint8Array | Float32Array, count: number, file: string): void {
  const size = values.length / count;
  const bad = values.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) {
    const row = Math.floor(bad / size);
    throw dataError(file, `holds NaN or infinity in row ${row}. Remove the row, or fill it in.`, { row });
  }
}
