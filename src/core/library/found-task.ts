/** What the page is told of examples before they become a task. */
import type { Dataset } from "../data/dataset.ts";
import { borderBrightness, suggestsInversion } from "../data/polarity.ts";
import { shownExample } from "../eval/compare.ts";
import { suiteOf } from "../eval/open-evaluator.ts";
import type { ShownExample } from "../eval/report.ts";
import type { Examples } from "../eval/suite.ts";
import { ZooExamples } from "../eval/zoo-examples.ts";
import type { TaskCard } from "../summary.ts";
import type { FamilyFiles } from "../zoo.ts";

export interface FoundTask {
  /** Names it among what the files hold. */
  readonly dataset: string;
  /** What files or folders call it. */
  readonly label: string;
  readonly classes: readonly string[];
  readonly n: TaskCard["n"];
  readonly samples: readonly { readonly example: ShownExample; readonly label: string }[];
  /** Mean brightness of the pictures' borders and of the family's, 0…1; absent where there is nothing to compare. */
  readonly border?: { readonly own: number; readonly family: number };
  /** They are dark on light and the family's light on dark, or the reverse. */
  readonly suggestsInversion: boolean;
  /** Its head is drawn from its examples. */
  readonly isDrawn: boolean;
}

/** Examples that are looked at, and those of them that are shown. */
const LOOKED_AT = 64;
const SHOWN = 10;

/** Describes a data set as a task of the family. @param dataset made to fit it, not inverted */
export async function foundTask(
  dataset: Dataset,
  name: string,
  { family }: FamilyFiles,
  borderOfFamily: number | undefined,
  isDrawn: boolean,
): Promise<FoundTask> {
  const { label, classes, n } = dataset;
  const { input } = family;
  const examples = await dataset.examples("train", input, LOOKED_AT);
  const own =
    input.kind === "image" && examples.inputs.kind === "image"
      ? borderBrightness(examples.inputs.images, input.shape)
      : undefined;
  const isComparable = own !== undefined && borderOfFamily !== undefined;
  return {
    dataset: name,
    label,
    classes,
    n,
    samples: sampleRows(examples).map((row) => ({
      example: shownExample(examples, row, input),
      label: classes[examples.labels[row]] ?? "",
    })),
    ...(isComparable && { border: { own, family: borderOfFamily } }),
    suggestsInversion: isComparable && suggestsInversion(own, borderOfFamily),
    isDrawn,
  };
}

/** Rows to show: one of every class first. */
function sampleRows({ labels, count }: Examples): readonly number[] {
  const rows = Array.from({ length: count }, (_, row) => row);
  const isFirst = (row: number) => labels.indexOf(labels[row]) === row;
  return [...rows.filter(isFirst), ...rows.filter((row) => !isFirst(row))].slice(0, SHOWN);
}

/** Returns the mean brightness of the borders of a family's pictures, 0…1; undefined where it has none. */
export async function familyBorder({ family, open }: FamilyFiles): Promise<number | undefined> {
  const { input, tasks } = family;
  if (input.kind !== "image" || tasks.length === 0) return undefined;
  const suite = suiteOf(family);
  const examples = new ZooExamples(suite, open);
  let sum = 0;
  for (const { id, n } of suite.tasks) {
    const { inputs } = await examples.atLeast(id, "validation", n.quick);
    sum += inputs.kind === "image" ? borderBrightness(inputs.images, input.shape) : 0;
  }
  return sum / tasks.length;
}
