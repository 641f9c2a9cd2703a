/** The models worker's side of the port to the optimise worker: lends copies of weights, takes what was made of them. */
import { expose, transfer } from "comlink";
import { AppError } from "#core/errors.ts";
import type { ZooLibrary } from "#core/library/zoo-library.ts";
import type { Merger } from "#core/merge/merger.ts";
import type { Checkpoint } from "#core/model/library.ts";
import { isFloat } from "#core/tensor/dtype.ts";
import type { KeptWork } from "./kept.ts";
import { passAnswers } from "./pass-port.ts";
import type { FamilySource } from "./protocol/api.ts";
import type { CheckpointApi, CheckpointRef, LoadedCheckpoint } from "./protocol/optimise.ts";

/** What is open when a question comes. */
export interface OpenModels {
  readonly source: FamilySource;
  readonly library: ZooLibrary;
  readonly merger: Merger;
}

/** Answers on this port. @param open throws AppError model/no-base until something is @param kept keeps what is made */
export function answerCheckpoints(port: MessagePort, open: () => OpenModels, kept: KeptWork): void {
  const api: CheckpointApi = {
    ...passAnswers(open),

    async family() {
      const { source, library } = open();
      return { source, base: library.base.id };
    },

    async load(from, names) {
      const loaded = await load(open().library, from, names);
      return transfer(loaded, buffersOf(loaded.tensors));
    },

    async evidence(id) {
      const evidence = open().library.evidence(id);
      if (!evidence) {
        throw new AppError("recipe/missing-evidence", "The mask to train under is not here.", { id });
      }
      const { kind } = evidence.about;
      if (kind !== "mask") {
        const message = `Weights are trained under a mask; this is a measurement of another kind (${kind}).`;
        throw new AppError("recipe/missing-evidence", message, { id, kind });
      }
      const tensors = await copies(evidence, evidence.tensors.keys());
      return transfer(tensors, buffersOf(tensors));
    },

    addTrained: async (made) => kept.addTrained(open().library, made),

    async addEvidence({ of, about, tensors }) {
      const { library } = open();
      const { checkpoint, step } = await find(library, of);
      const whole = { ...about, base: library.base.id, checkpoint: checkpoint.id };
      return kept.addEvidence(library, step === undefined ? whole : { ...whole, step }, tensors);
    },
  };
  expose(api, port);
}

async function load(
  library: ZooLibrary,
  from: CheckpointRef,
  names: readonly string[] | undefined,
): Promise<LoadedCheckpoint> {
  const { checkpoint, task, step } = await find(library, from);
  const wanted =
    names ?? [...checkpoint.tensors.values()].filter(({ dtype }) => isFloat(dtype)).map(({ name }) => name);
  const tensors = await copies(checkpoint, wanted);
  return {
    id: checkpoint.id,
    tensors,
    ...(task !== undefined && { task }),
    ...(step !== undefined && { step }),
  };
}

/** The library may keep its arrays, so copies travel. */
async function copies(
  from: Checkpoint,
  names: Iterable<string>,
): Promise<Map<string, Float32Array<ArrayBuffer>>> {
  const tensors = new Map<string, Float32Array<ArrayBuffer>>();
  for (const name of names) tensors.set(name, Float32Array.from(await from.load(name)));
  return tensors;
}

function buffersOf(tensors: ReadonlyMap<string, Float32Array<ArrayBuffer>>): ArrayBuffer[] {
  return [...tensors.values()].map(({ buffer }) => buffer);
}

async function find(
  library: ZooLibrary,
  from: CheckpointRef,
): Promise<{ readonly checkpoint: Checkpoint; readonly task?: string; readonly step?: number }> {
  if (from === "base") return { checkpoint: library.base };
  const expert = library.expert(from.expert);
  const step = from.step ?? expert?.steps.at(-1);
  if (!expert || step === undefined) {
    throw new AppError("recipe/unknown-expert", `The expert “${from.expert}” is not open.`, {
      expert: from.expert,
    });
  }
  const { task } = expert;
  return { checkpoint: await expert.checkpoint(step), step, ...(task !== undefined && { task }) };
}
