/**
 * Trainings that can go on after a pause or a reload, in private storage: for each a description, the state of its last
 * save, and the checkpoints it has made.
 */
import { z } from "zod";
import { bytesSource, type ModelFile } from "#core/formats/format.ts";
import { safetensors } from "#core/formats/safetensors.ts";
import { writeSafetensors } from "#core/formats/safetensors-write.ts";
import { contentId, expertId } from "#core/recipe/schema.ts";
import type { TensorSpec } from "#core/tensor/tensor.ts";
import { trainSpec } from "#core/train/spec.ts";
import { readTrainState, type TrainIdentity, writeTrainState } from "#core/train/state-file.ts";
import type { TrainState } from "#core/train/train-state.ts";
import { type FileStore, fileStore } from "./opfs.ts";
import type { SavedRun } from "./protocol/optimise.ts";

const trainRequest = z.object({
  kind: z.literal("train"),
  task: z.string(),
  from: z.union([z.literal("base"), z.object({ expert: expertId, step: z.int().min(0).exactOptional() })]),
  spec: trainSpec,
  label: z.string(),
  mask: contentId.exactOptional(),
});

const description = z.object({
  version: z.literal(1),
  request: trainRequest,
  base: contentId,
  step: z.int().min(0),
});
type Description = z.infer<typeof description>;
type AboutRun = Pick<Description, "request" | "base">;

/** A checkpoint that a run has made. */
export interface RunCheckpoint {
  readonly step: number;
  readonly tensors: ReadonlyMap<string, Float32Array<ArrayBuffer>>;
}

const ABOUT = ".json";
const STATE = ".state";
const CHECKPOINT = ".checkpoint";

export class SavedRuns {
  readonly #files: FileStore;

  constructor(folder = "runs") {
    this.#files = fileStore(folder);
  }

  /** Newest first. Files that say nothing readable are of another version: they are left out. @throws AppError storage/unavailable */
  async list(): Promise<readonly SavedRun[]> {
    const files = await this.#files.list();
    const held = await heldLocks();
    const runs: SavedRun[] = [];
    for (const { key, modified } of files) {
      if (!key.endsWith(ABOUT)) continue;
      const id = key.slice(0, -ABOUT.length);
      const about = await this.#describe(id);
      if (!about) continue;
      const bytes = files.filter((file) => isOf(file.key, id)).reduce((sum, file) => sum + file.bytes, 0);
      const { request, base, step } = about;
      const isRunning = held.has(lockOf(id));
      const { steps } = request.spec;
      runs.push({ id, request, base, step, steps, bytes, savedAt: modified, isRunning });
    }
    return runs.sort((a, b) => b.savedAt - a.savedAt);
  }

  async find(id: string): Promise<SavedRun | undefined> {
    return (await this.list()).find((run) => run.id === id);
  }

  /** Writes down that there is a run; it has no state yet, and would start from its beginning. @throws AppError storage/… */
  begin(id: string, about: AboutRun): Promise<void> {
    return this.#write(id, { version: 1, ...about, step: 0 });
  }

  /** @throws AppError storage/full, storage/unavailable */
  async save(id: string, about: AboutRun, state: TrainState, identity: TrainIdentity): Promise<void> {
    await this.#files.put(id + STATE, await collected(writeTrainState(state, identity)));
    await this.#write(id, { version: 1, ...about, step: state.step });
  }

  /** @throws AppError train/other-run, file/malformed, storage/unavailable */
  async state(id: string, identity: TrainIdentity): Promise<TrainState | undefined> {
    const file = await this.#open(id + STATE);
    return file && readTrainState(file, identity);
  }

  /** @throws AppError storage/full, storage/unavailable */
  async keep(id: string, { step, tensors }: RunCheckpoint): Promise<void> {
    const specs = [...tensors].map(
      ([name, { length }]): TensorSpec => ({ name, dtype: "f32", shape: [length] }),
    );
    const pieces = writeSafetensors(specs, new Map(), ({ name }) => {
      const values = tensors.get(name);
      if (!values) throw new Error(`no tensor ${name}`);
      return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    });
    await this.#files.put(`${id}@${step}${CHECKPOINT}`, await collected(pieces));
  }

  /** By ascending step. @throws AppError file/malformed, storage/unavailable */
  async checkpoints(id: string): Promise<readonly RunCheckpoint[]> {
    const found: RunCheckpoint[] = [];
    for (const { key } of await this.#files.list()) {
      if (!key.startsWith(`${id}@`) || !key.endsWith(CHECKPOINT)) continue;
      const file = await this.#open(key);
      if (!file) continue;
      const tensors = new Map<string, Float32Array<ArrayBuffer>>();
      for (const name of file.tensors.keys()) tensors.set(name, await file.load(name));
      found.push({ step: Number(key.slice(id.length + 1, -CHECKPOINT.length)), tensors });
    }
    return found.sort((a, b) => a.step - b.step);
  }

  /** @throws AppError storage/unavailable */
  async forget(id: string): Promise<void> {
    for (const { key } of await this.#files.list()) if (isOf(key, id)) await this.#files.remove(key);
  }

  #write(id: string, about: Description): Promise<void> {
    return this.#files.put(id + ABOUT, [new TextEncoder().encode(JSON.stringify(about))]);
  }

  async #describe(id: string): Promise<Description | undefined> {
    const file = await this.#files.get(id + ABOUT);
    try {
      return description.safeParse(JSON.parse((await file?.text()) ?? "")).data;
    } catch {
      return undefined;
    }
  }

  async #open(key: string): Promise<ModelFile | undefined> {
    const file = await this.#files.get(key);
    return file && safetensors.open(bytesSource(new Uint8Array(await file.arrayBuffer())), key);
  }
}

function isOf(key: string, id: string): boolean {
  return key === id + ABOUT || key === id + STATE || key.startsWith(`${id}@`);
}

async function collected(pieces: AsyncIterable<Uint8Array<ArrayBuffer>>): Promise<Uint8Array<ArrayBuffer>[]> {
  const all: Uint8Array<ArrayBuffer>[] = [];
  for await (const piece of pieces) all.push(piece);
  return all;
}

function lockOf(id: string): string {
  return `kintsugi-run-${id}`;
}

/** Runs that a window of this browser works on, ours among them. */
async function heldLocks(): Promise<ReadonlySet<string>> {
  const { held = [] } = await navigator.locks.query();
  return new Set(held.flatMap(({ name }) => name ?? []));
}

/** Does the work while no other window can take the run; false when another has it. */
export function withRun(id: string, work: () => Promise<void>): Promise<boolean> {
  return navigator.locks.request(lockOf(id), { ifAvailable: true }, async (lock) => {
    if (lock) await work();
    return lock !== null;
  });
}
