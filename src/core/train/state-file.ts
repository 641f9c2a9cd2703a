/** A training's state as a safetensors file: exact, versioned, and refused by any other training. */
import { z } from "zod";
import type { AppError } from "../errors.ts";
import { fileError } from "../formats/file-error.ts";
import type { ModelFile } from "../formats/format.ts";
import { writeSafetensors } from "../formats/safetensors-write.ts";
import { sortedJson } from "../recipe/json.ts";
import { shortHash } from "../recipe/key.ts";
import type { DType } from "../tensor/dtype.ts";
import type { TensorSpec } from "../tensor/tensor.ts";
import type { OptimiserState } from "./optimiser.ts";
import type { Validation } from "./schedule.ts";
import type { TrainSpec } from "./spec.ts";
import type { TrainState } from "./train-state.ts";

/** What a state belongs to: it makes sense to no other training. */
export interface TrainIdentity {
  readonly spec: TrainSpec;
  /** Content id of the base. */
  readonly base: string;
  /** Hash or unambiguous name of the training and validation examples, and of a sparse training's mask. */
  readonly data: string;
  /** Hash of the frozen head that is trained under; empty where there is none. */
  readonly head: string;
}

/** 2 says which head. */
const VERSION = "2";
const FORMAT = "kintsugi-training";

const stored = z.object({
  step: z.int().min(0),
  updates: z.int().min(0),
  best: z.int().min(0).nullable(),
});

/** A validation is a row of these. */
const COLUMNS = ["step", "right", "n", "loss"] as const satisfies readonly (keyof Validation)[];

type Values = Float32Array<ArrayBuffer> | Float64Array<ArrayBuffer>;

/** Yields the file piece by piece; the pieces are views of the state. */
export function writeTrainState(
  state: TrainState,
  identity: TrainIdentity,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void> {
  const { step, params, optimiser, history, best } = state;
  const tensors = new Map<string, Values>([
    ["params", params],
    ["losses", history.losses],
    ["norms", history.norms],
    ["validations", Float64Array.from(history.validations.flatMap((row) => COLUMNS.map((key) => row[key])))],
    ...(best ? [["best", best.params] as const] : []),
  ]);
  for (const [name, values] of Object.entries(optimiser.moments)) tensors.set(`moment.${name}`, values);
  const metadata = new Map([
    ["format", FORMAT],
    ["version", VERSION],
    ["training", identityHash(identity)],
    ["spec", sortedJson(identity.spec)],
    ["base", identity.base],
    ["data", identity.data],
    ["head", identity.head],
    ["state", sortedJson({ step, updates: optimiser.updates, best: best?.step ?? null })],
  ]);
  const specs = [...tensors].map(([name, values]): TensorSpec => {
    const dtype: DType = values instanceof Float32Array ? "f32" : "f64";
    return { name, dtype, shape: [values.length] };
  });
  return writeSafetensors(specs, metadata, ({ name }) => {
    const values = tensors.get(name);
    if (!values) throw new Error(`no tensor ${name}`);
    return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  });
}

/**
 * Reads a state that `writeTrainState` wrote for the same spec, base, data and head.
 *
 * @throws AppError file/malformed, file/unsupported for another version, train/other-run for another training
 */
export async function readTrainState(file: ModelFile, identity: TrainIdentity): Promise<TrainState> {
  if (file.metadata.get("format") !== FORMAT) throw malformed(file, "is no saved training");
  const version = file.metadata.get("version");
  if (version !== VERSION) {
    const message = `was saved by another version of this app (${version}; this one reads ${VERSION}). Train anew.`;
    throw fileError("file/unsupported", file.name, message);
  }
  if (file.metadata.get("training") !== identityHash(identity)) throw otherRun(file, identity);
  const about = stored.safeParse(jsonOf(file.metadata.get("state") ?? ""));
  if (!about.success) throw malformed(file, "does not say how far it is");
  const { step, updates, best } = about.data;
  const params = await f32(file, "params");
  const history = {
    losses: await f64(file, "losses", step),
    norms: await f64(file, "norms", step),
    validations: validationsOf(file, await f64(file, "validations")),
  };
  const state = {
    step,
    params,
    optimiser: { updates, moments: await momentsOf(file, params.length) },
    history,
  };
  return best === null
    ? state
    : { ...state, best: { step: best, params: await f32(file, "best", params.length) } };
}

function identityHash({ spec, base, data, head }: TrainIdentity): string {
  return shortHash(sortedJson({ spec, base, data, head }));
}

async function momentsOf(file: ModelFile, size: number): Promise<OptimiserState["moments"]> {
  const moments: Record<string, Float32Array<ArrayBuffer>> = {};
  for (const name of file.tensors.keys()) {
    if (name.startsWith("moment.")) moments[name.slice("moment.".length)] = await f32(file, name, size);
  }
  return moments;
}

function validationsOf(file: ModelFile, values: Float64Array): readonly Validation[] {
  if (values.length % COLUMNS.length !== 0) throw malformed(file, "has half a validation");
  return Array.from({ length: values.length / COLUMNS.length }, (_, row) => {
    const [step, right, n, loss] = values.subarray(row * COLUMNS.length, (row + 1) * COLUMNS.length);
    return { step, right, n, loss };
  });
}

async function f32(file: ModelFile, name: string, size?: number): Promise<Float32Array<ArrayBuffer>> {
  return new Float32Array(await raw(file, name, "f32", size));
}

async function f64(file: ModelFile, name: string, size?: number): Promise<Float64Array<ArrayBuffer>> {
  return new Float64Array(await raw(file, name, "f64", size));
}

/** The bytes of a vector, in a buffer of their own. */
async function raw(
  file: ModelFile,
  name: string,
  dtype: DType,
  size: number | undefined,
): Promise<ArrayBuffer> {
  const spec = file.tensors.get(name);
  const fits = spec?.dtype === dtype && spec.shape.length === 1 && spec.shape[0] === (size ?? spec.shape[0]);
  if (!fits) throw malformed(file, `has no ${name} of the right size`);
  return (await file.bytes(name)).slice().buffer;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function malformed(file: ModelFile, reason: string): AppError {
  return fileError("file/malformed", file.name, `${reason}.`);
}

/** Names what differs. */
function otherRun(file: ModelFile, { spec, base, data, head }: TrainIdentity): AppError {
  const now: readonly (readonly [string, string])[] = [
    ["spec", sortedJson(spec)],
    ["base", base],
    ["data", data],
    ["head", head],
  ];
  const differs = now.filter(([key, value]) => file.metadata.get(key) !== value).map(([key]) => key);
  const message = `belongs to a training with another ${differs.join(" and ")}. Go on with the same settings, or start anew.`;
  return fileError("train/other-run", file.name, message, { differs });
}
