/** How the tensors of a candidate fit those of the base, and whether it may join a merge as an expert. */
import { AppError } from "../errors.ts";
import { clip, showShape } from "../formats/file-error.ts";
import { type DType, isFloat } from "../tensor/dtype.ts";
import type { TensorSpec } from "../tensor/tensor.ts";
import { roleOf } from "./roles.ts";

export type Tensors = ReadonlyMap<string, TensorSpec>;

/** Every tensor of either side stands in exactly one list; names in the base's order, then the candidate's. */
export interface Alignment {
  /** Same name, shape and kind (both float, or the same integer type). */
  readonly matched: readonly string[];
  /** Only in the base. */
  readonly missing: readonly string[];
  /** Only in the candidate. */
  readonly extra: readonly string[];
  readonly reshaped: readonly Pair<readonly number[]>[];
  /** Float on one side only, or different integer types. */
  readonly incompatible: readonly Pair<DType>[];
}

export interface Pair<T> {
  readonly name: string;
  readonly base: T;
  readonly candidate: T;
}

/** Compares names, shapes and dtypes; no values. */
export function alignTensors(base: Tensors, candidate: Tensors): Alignment {
  const matched: string[] = [];
  const missing: string[] = [];
  const reshaped: Pair<readonly number[]>[] = [];
  const incompatible: Pair<DType>[] = [];
  for (const [name, ours] of base) {
    const theirs = candidate.get(name);
    if (!theirs) missing.push(name);
    else if (!sameShape(ours.shape, theirs.shape))
      reshaped.push({ name, base: ours.shape, candidate: theirs.shape });
    else if (!sameKind(ours.dtype, theirs.dtype))
      incompatible.push({ name, base: ours.dtype, candidate: theirs.dtype });
    else matched.push(name);
  }
  const extra = [...candidate.keys()].filter((name) => !base.has(name));
  return { matched, missing, extra, reshaped, incompatible };
}

/** Whether both sides have the same tensors: names, shapes and kinds. */
export function sameTensors(base: Tensors, candidate: Tensors): boolean {
  const { missing, extra, reshaped, incompatible } = alignTensors(base, candidate);
  return missing.length + extra.length + reshaped.length + incompatible.length === 0;
}

function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((size, i) => size === b[i]);
}

function sameKind(a: DType, b: DType): boolean {
  return a === b || (isFloat(a) && isFloat(b));
}

/** How many tensors a message names. */
const NAMED = 3;

/**
 * Requires that an expert has every float tensor of the base in the base's shape; its head may be missing, since
 * every task keeps its own. Returns warnings: sentences on what was left out.
 *
 * @param file the candidate's name, for the messages
 * @throws AppError model/shape-mismatch, model/dtype, model/missing-tensors
 */
export function requireExpert(base: Tensors, candidate: Tensors, file: string): readonly string[] {
  const alignment = alignTensors(base, candidate);
  const float = (name: string) => isFloat(base.get(name)!.dtype);
  const head = (name: string) => roleOf(base.get(name)!) === "head";

  const missing = alignment.missing.filter((name) => float(name) && !head(name));
  if (missing.length > 0) throw missingTensors(missing, alignment, file);
  const reshaped = alignment.reshaped.filter(({ name }) => float(name));
  if (reshaped.length > 0) throw shapeMismatch(reshaped, file);
  const incompatible = alignment.incompatible.filter(({ name }) => float(name));
  if (incompatible.length > 0) throw dtypeMismatch(incompatible, file);

  const heads = alignment.missing.filter((name) => float(name));
  const warnings: string[] = [];
  if (heads.length > 0) warnings.push(`It has no head; the base's is kept: ${list(heads)}.`);
  if (alignment.extra.length > 0)
    warnings.push(
      `The base does not have ${list(alignment.extra)}; the merge leaves ${them(alignment.extra)} out.`,
    );
  return warnings;
}

function missingTensors(missing: readonly string[], { matched, extra }: Alignment, file: string): AppError {
  const prefix = matched.length === 0 ? commonPrefix(missing, extra) : undefined;
  const advice = prefix
    ? `Its names begin with “${prefix}”, the base's do not: save it without that wrapper.`
    : "An expert must be fine-tuned from the base: check that both are the same network.";
  return new AppError(
    "model/missing-tensors",
    `“${clip(file)}” lacks ${missing.length === 1 ? "one" : missing.length} of the base's tensors: ${list(missing)}. ${advice}`,
    { file: clip(file), count: missing.length, tensors: missing.slice(0, NAMED).map((name) => clip(name)) },
  );
}

function shapeMismatch(reshaped: readonly Pair<readonly number[]>[], file: string): AppError {
  const shown = reshaped
    .slice(0, NAMED)
    .map(
      ({ name, base, candidate }) =>
        `${clip(name)} is ${showShape(candidate)} and ${showShape(base)} in the base`,
    );
  const transposed = reshaped.every(({ base, candidate }) => sameShape(base, candidate.toReversed()));
  const advice = transposed
    ? "The shapes are swapped: save the expert with the base's layout."
    : "An expert must be fine-tuned from the base: check that both are the same network.";
  return new AppError(
    "model/shape-mismatch",
    `“${clip(file)}” has ${reshaped.length === 1 ? "a tensor" : `${reshaped.length} tensors`} of another shape: ${shown.join("; ")}${more(reshaped)}. ${advice}`,
    { file: clip(file), count: reshaped.length, tensors: shown },
  );
}

function dtypeMismatch(incompatible: readonly Pair<DType>[], file: string): AppError {
  const shown = incompatible
    .slice(0, NAMED)
    .map(({ name, base, candidate }) => `${clip(name)} is ${candidate} and ${base} in the base`);
  return new AppError(
    "model/dtype",
    `“${clip(file)}” stores weights as integers: ${shown.join("; ")}${more(incompatible)}. Save it in float32, float16 or bfloat16.`,
    { file: clip(file), count: incompatible.length, tensors: shown },
  );
}

/** The prefix that turns base names into candidate names ("module."), if one does. */
function commonPrefix(base: readonly string[], candidate: readonly string[]): string | undefined {
  const [first] = base;
  const twin = candidate.find((name) => name.endsWith(`.${first}`));
  if (!twin) return undefined;
  const prefix = twin.slice(0, -first.length);
  const names = new Set(candidate);
  return base.every((name) => names.has(prefix + name)) ? clip(prefix) : undefined;
}

function list(names: readonly string[]): string {
  return (
    names
      .slice(0, NAMED)
      .map((name) => clip(name))
      .join(", ") + more(names)
  );
}

function more(items: readonly unknown[]): string {
  return items.length > NAMED ? ` and ${items.length - NAMED} more` : "";
}

function them(names: readonly string[]): string {
  return names.length === 1 ? "it" : "them";
}
