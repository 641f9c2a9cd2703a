/**
 * Heads drawn from examples, for families whose classifier is no part of the merge: the direction of a class is the mean
 * of some of its examples' features as the base sees them, each of length 1 about the family's mean.
 *
 * Such a family's graph has an output `features` (N × d), and inputs `W` (C × d) of each task and `mu` (d) of all:
 * logits are a multiple of the cosine between features − mu and the rows of W.
 */
import type { Context } from "../context.ts";
import type { Dataset } from "../data/dataset.ts";
import { AppError } from "../errors.ts";
import { readHeads } from "../eval/heads.ts";
import { exampleShape } from "../eval/input.ts";
import { Skeleton, type Weights, weightsOf } from "../eval/skeleton.ts";
import { gatherRows } from "../eval/suite.ts";
import { parseOnnx } from "../formats/onnx.ts";
import { graphOf } from "../formats/onnx-message.ts";
import type { Graph, GraphRunner, NamedTensors } from "../graph-runner.ts";
import type { FamilyFiles } from "../zoo.ts";

/** A family whose heads can be drawn. */
export interface PrototypeFamily {
  readonly files: FamilyFiles;
  readonly skeleton: Skeleton;
  /** Any task's head: the graph wants one, though features do not depend on it. */
  readonly head: NamedTensors;
  /** (d) */
  readonly mu: Float32Array;
}

const FEATURES = "features";
const MEAN = "mu";
const DIRECTIONS = "W";

/** Returns what drawing heads needs, or undefined for a family of another making. @throws AppError zoo/unavailable, file/… */
export async function prototypeFamily(files: FamilyFiles): Promise<PrototypeFamily | undefined> {
  const { skeleton, heads, input, tasks } = files.family;
  const [task] = tasks;
  if (!heads || !task) return undefined;
  const [graph, found] = await Promise.all([
    files.bytes(skeleton),
    files.open(heads.file).then((file) =>
      readHeads(
        file,
        tasks.map(({ id }) => id),
      ),
    ),
  ]);
  const isDrawn =
    graphOf(parseOnnx(graph, skeleton)).output.some(({ name }) => name === FEATURES) &&
    found.inputs.length === 2 &&
    found.inputs.includes(MEAN) &&
    found.inputs.includes(DIRECTIONS);
  if (!isDrawn) return undefined;
  const head = found.of(task.id);
  const { data } = head[MEAN];
  if (!(data instanceof Float32Array)) throw new Error("a head that is no f32");
  return { files, skeleton: new Skeleton(graph, skeleton, [input.name, ...found.inputs]), head, mu: data };
}

/** How many training examples of each class its direction is the mean of. */
export type Shots = 2 | "all";

/**
 * Returns the directions (C × d) of each data set's classes. Which examples they come from follows from the data sets'
 * own seeded order.
 *
 * @throws AppError data/malformed for a class without training examples; eval/…
 */
export async function drawHeads(
  family: PrototypeFamily,
  runner: GraphRunner,
  datasets: readonly { readonly dataset: Dataset; readonly shots: Shots }[],
  context: Context,
): Promise<readonly Float32Array<ArrayBuffer>[]> {
  const { files, skeleton, mu } = family;
  const weights = await weightsOf(await files.open(files.family.base), skeleton);
  const graph = await runner.open({ graph: skeleton.graph });
  try {
    const heads: Float32Array<ArrayBuffer>[] = [];
    for (const { dataset, shots } of datasets) {
      const { input } = files.family;
      const examples = await dataset.examples(shots === "all" ? "train" : "fewShot", input);
      const { features, labels } = await featuresOf(graph, family, weights, examples, shots, context);
      const empty = dataset.classes.findIndex((_, c) => !labels.includes(c));
      if (empty >= 0) throw noExamples(dataset.classes[empty], dataset.file);
      heads.push(directionsOf(features, labels, dataset.classes.length, mu));
    }
    return heads;
  } finally {
    await graph.release();
  }
}

/** Examples in one run. */
const BATCH = 64;

async function featuresOf(
  graph: Graph,
  { files, skeleton, head }: PrototypeFamily,
  weights: Weights,
  examples: Awaited<ReturnType<Dataset["examples"]>>,
  shots: Shots,
  context: Context,
): Promise<{ readonly features: Float32Array; readonly labels: readonly number[] }> {
  const { input } = files.family;
  const rows = chosen(examples.labels, shots);
  const parts: Float32Array[] = [];
  const feeds = { ...skeleton.feeds(weights), ...head };
  for (let begin = 0; begin < rows.length; begin += BATCH) {
    await context.breathe();
    context.signal.throwIfAborted();
    context.progress(begin, rows.length);
    const some = rows.slice(begin, begin + BATCH);
    const x = gatherRows(examples, input, some);
    const shape = [some.length, ...exampleShape(input)];
    const { [FEATURES]: found } = await graph.run({ ...feeds, [input.name]: { data: x, shape } }, [FEATURES]);
    if (!(found?.data instanceof Float32Array)) throw new Error("features that are no f32");
    parts.push(found.data);
  }
  const features = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    features.set(part, at);
    at += part.length;
  }
  return { features, labels: rows.map((row) => examples.labels[row]) };
}

/** Rows of the first examples of each class, ascending. */
function chosen(labels: Uint8Array, shots: Shots): readonly number[] {
  const taken = new Map<number, number>();
  return Array.from(labels.keys()).filter((row) => {
    const before = taken.get(labels[row]) ?? 0;
    taken.set(labels[row], before + 1);
    return shots === "all" || before < shots;
  });
}

/**
 * Returns a unit vector for each class (C × d): the direction of the sum of its examples' features, each of length 1
 * about mu. Sums in f64; a class without examples, or whose examples cancel out, gets zeros.
 *
 * @param features (n × d)
 * @param labels class of each row
 */
export function directionsOf(
  features: Float32Array,
  labels: ArrayLike<number>,
  classes: number,
  mu: Float32Array,
): Float32Array<ArrayBuffer> {
  const size = mu.length;
  const sums = new Float64Array(classes * size);
  for (let row = 0; row < labels.length; row++) {
    const centred = Float64Array.from(mu, (mean, d) => features[row * size + d] - mean);
    const length = Math.hypot(...centred);
    for (let d = 0; d < size && length > 0; d++) sums[labels[row] * size + d] += centred[d] / length;
  }
  const out = new Float32Array(classes * size);
  for (let c = 0; c < classes; c++) {
    const sum = sums.subarray(c * size, (c + 1) * size);
    const length = Math.hypot(...sum);
    if (length > 0)
      out.set(
        sum.map((value) => value / length),
        c * size,
      );
  }
  return out;
}

function noExamples(name: string, file: string): AppError {
  return new AppError(
    "data/malformed",
    `“${file}” has no training example of the class “${name}”. Add some, or leave the class out.`,
    { file },
  );
}
