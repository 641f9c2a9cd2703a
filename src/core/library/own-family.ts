/**
 * A family made of somebody's own files: a base with its graph, the private heads of its experts, and examples.
 *
 * Tensors that have other shapes in the experts (classification heads) are no part of the merge: every task keeps its
 * expert's own.
 */
import type { Dataset } from "../data/dataset.ts";
import { AppError, isAppError } from "../errors.ts";
import type { InputSpec } from "../eval/input.ts";
import { arrayFile, type HeldTensor, without } from "../formats/array-file.ts";
import type { ModelFile } from "../formats/format.ts";
import { encodeOnnx, type OnnxFile } from "../formats/onnx.ts";
import { alignTensors } from "../model/align.ts";
import { expertFromName, stepFromName } from "../model/step-from-name.ts";
import { isFloat } from "../tensor/dtype.ts";
import { type FamilyFiles, OWN_FAMILY, type ZooFamily } from "../zoo.ts";
import { asExpert, type ConfigText } from "./adapters.ts";
import { taskOf } from "./dropped-experts.ts";
import { NonFiniteCount, nonFiniteError } from "./non-finite.ts";
import { examplesFiles } from "./own-examples.ts";
import { type OwnGraph, ownGraph } from "./own-graph.ts";
import type { NonFinitePolicy } from "./repair.ts";

export interface OwnModel {
  readonly path: string;
  readonly file: ModelFile;
  /** adapter_config.json beside an adapter. */
  readonly config?: ConfigText | undefined;
  /** What becomes of its entries that are no numbers; "error" unless told. */
  readonly nonFinite?: NonFinitePolicy | undefined;
}

export interface OwnParts {
  readonly base: OwnModel;
  /** Files that may be experts of it; those that do not fit are passed over here. */
  readonly candidates: readonly OwnModel[];
  readonly datasets: readonly Dataset[];
}

export interface OwnOptions {
  /** The output that holds the class scores, where several could. */
  readonly logits?: string | undefined;
  /** Pixels are given as (u8 / 255 − mean) / std; 0 and 1 unless told. */
  readonly mean?: number | undefined;
  readonly std?: number | undefined;
}

const SKELETON = "skeleton.onnx";
const BASE = "base";
const HEADS = "heads";

/**
 * Makes the family. Without examples it has no tasks, and everything that needs none works.
 *
 * @throws AppError eval/graph when there are examples and the graph cannot be evaluated, data/malformed when they do not fit it
 */
export function ownFamily(parts: OwnParts, options: OwnOptions = {}): FamilyFiles {
  const experts = fittingExperts(parts);
  const privates = privateTensors(parts.base.file, experts);
  const graph = graphOf(parts, privates, options);
  const tasks = graph ? parts.datasets : [];
  const inputs = inputsOf(tasks, graph, options);
  const base = without(parts.base.file, privates);
  const heads = arrayFile(HEADS, privateHeads(parts.base, privates, experts, tasks));
  const family: ZooFamily = {
    version: 1,
    id: OWN_FAMILY,
    name: expertFromName(parts.base.path).label,
    skeleton: SKELETON,
    base: BASE,
    ...(privates.size > 0 && tasks.length > 0 && { heads: { file: HEADS } }),
    input: inputs ?? { kind: "values", name: graph?.input.name ?? "x", shape: [1] },
    ...(graph?.batch !== undefined && { batch: graph.batch }),
    logits: graph?.logits ?? "",
    tasks: tasks.map(({ id, label, classes, n }) => ({ id, label, classes: [...classes], n })),
    experts: [],
  };
  return {
    family,
    nonFinite: parts.base.nonFinite,
    bytes: (path) => skeletonBytes(path, graph),
    open: opener(family, base, heads, tasks),
  };
}

function opener(
  { input, base }: ZooFamily,
  baseFile: ModelFile,
  heads: ModelFile,
  datasets: readonly Dataset[],
): FamilyFiles["open"] {
  const examples = examplesFiles(datasets, input);
  return async (path) => {
    if (path === base) return baseFile;
    if (path === HEADS) return heads;
    const open = examples.get(path);
    if (!open) throw new AppError("zoo/unavailable", `There is no ${path} among the files.`, { file: path });
    return open();
  };
}

async function skeletonBytes(path: string, graph: OwnGraph | undefined): Promise<Uint8Array<ArrayBuffer>> {
  if (path === SKELETON && graph) return encodeOnnx(graph.model);
  throw new AppError(
    "eval/graph",
    "The base brings no graph that can be run here. Drop its ONNX file, or save the merge as safetensors.",
    { file: path },
  );
}

/** Experts whose tensors are the base's but for some of other shape: what a head is. */
function fittingExperts({ base, candidates }: OwnParts): readonly OwnModel[] {
  return candidates.flatMap((candidate) => {
    try {
      const file = asExpert(candidate.file, { file: base.file, id: "" }, candidate.config);
      const { matched, missing, reshaped } = alignTensors(base.file.tensors, file.tensors);
      const isWhole = missing.every((name) => !isFloat(base.file.tensors.get(name)!.dtype));
      return isWhole && reshaped.length <= matched.length ? [{ ...candidate, file }] : [];
    } catch (error) {
      if (isAppError(error)) return []; // told when the file is opened as an expert
      throw error;
    }
  });
}

/** Float tensors whose shape differs between the base and an expert. */
function privateTensors(base: ModelFile, experts: readonly OwnModel[]): ReadonlySet<string> {
  const names = experts.flatMap(({ file }) =>
    alignTensors(base.tensors, file.tensors).reshaped.map(({ name }) => name),
  );
  return new Set(names.filter((name) => isFloat(base.tensors.get(name)!.dtype)));
}

/** The evaluation graph; none without examples to evaluate on, unless it can be had anyway (it is what ONNX exports need). */
function graphOf(
  { base, datasets }: OwnParts,
  privates: ReadonlySet<string>,
  { logits }: OwnOptions,
): OwnGraph | undefined {
  if (!isOnnx(base.file)) {
    if (datasets.length === 0) return undefined;
    throw new AppError(
      "eval/graph",
      "Examples can only be evaluated with the base's graph. Drop its ONNX file with them, or leave the examples out.",
    );
  }
  try {
    return ownGraph(base.file.model, [...base.file.tensors.keys()], privates, logits);
  } catch (error) {
    if (datasets.length === 0 && isAppError(error)) return undefined;
    throw error;
  }
}

function isOnnx(file: ModelFile): file is OnnxFile {
  return file.format === "onnx" && "model" in file;
}

/** The one input that all data sets become. @throws AppError data/malformed */
function inputsOf(
  datasets: readonly Dataset[],
  graph: OwnGraph | undefined,
  { mean = 0, std = 1 }: OwnOptions,
): InputSpec | undefined {
  if (!graph) return undefined;
  const specs = datasets.map((dataset) => dataset.input({ ...graph.input, mean, std }));
  const stranger = specs.findIndex((spec) => JSON.stringify(spec) !== JSON.stringify(specs[0]));
  if (stranger > 0) {
    throw new AppError(
      "data/malformed",
      `The examples of “${datasets[stranger].label}” are of another kind or size than those of “${datasets[0].label}”. Open them one after the other.`,
      { task: datasets[stranger].id },
    );
  }
  return specs[0];
}

/** `<tensor>.<task>`: from the last checkpoint of the task's expert or, without one, from the base. */
function privateHeads(
  base: OwnModel,
  privates: ReadonlySet<string>,
  experts: readonly OwnModel[],
  tasks: readonly Dataset[],
): readonly HeldTensor[] {
  const ids = tasks.map(({ id }) => id);
  return ids.flatMap((task) => {
    const own = experts.filter(({ path }) => taskOf(expertFromName(path).slug, ids) === task);
    const last = own.toSorted((a, b) => (stepFromName(a.path) ?? 0) - (stepFromName(b.path) ?? 0)).at(-1);
    const owner = last ?? base;
    return [...privates].map((name) => ({
      // The graph takes float32, whatever the file stores.
      spec: { name: `${name}.${task}`, dtype: "f32" as const, shape: owner.file.tensors.get(name)!.shape },
      bytes: async () => new Uint8Array((await headOf(owner, name)).buffer),
    }));
  });
}

/** @throws AppError model/non-finite; where entries are to be replaced they become 0, since no base has this shape */
async function headOf(
  { file, nonFinite = "error" }: OwnModel,
  name: string,
): Promise<Float32Array<ArrayBuffer>> {
  const values = await file.load(name);
  const count = new NonFiniteCount("f32");
  count.add(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  const found = count.found();
  if (!found) return values;
  if (nonFinite === "error") throw nonFiniteError(file.name, new Map([[name, found]]));
  return values.map((value) => (Number.isFinite(value) ? value : 0));
}
