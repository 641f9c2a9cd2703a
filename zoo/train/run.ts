/** Trains in a folder: what is interrupted goes on where it was, with the same bits. */
import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { quietContext } from "../../src/core/context.ts";
import { bytesSource } from "../../src/core/formats/format.ts";
import { safetensors } from "../../src/core/formats/safetensors.ts";
import { type GradientsOptions, openGradients } from "../../src/core/train/gradients.ts";
import type { LabelledData, Network } from "../../src/core/train/network.ts";
import type { Parametrisation } from "../../src/core/train/parametrisation.ts";
import { parametrise } from "../../src/core/train/parametrise.ts";
import type { TrainSpec } from "../../src/core/train/spec.ts";
import { readTrainState, type TrainIdentity, writeTrainState } from "../../src/core/train/state-file.ts";
import type { TrainState } from "../../src/core/train/train-state.ts";
import { createTrainer } from "../../src/core/train/trainer.ts";
import { nodeRunner } from "../node-runner.ts";

/** Steps between two lines of the log, and the least time between two states, ms. */
const SLICE = 64;
const SAVE_EVERY = 60_000;

export interface Training {
  readonly network: Network;
  readonly spec: TrainSpec;
  /** All weights of the network at the start. */
  readonly start: ReadonlyMap<string, Float32Array>;
  /** For the mode "sparse". */
  readonly mask?: ReadonlyMap<string, ArrayLike<number>>;
  readonly data: LabelledData;
  /** Hash of what start, data and mask are made from. */
  readonly hash: string;
  readonly gradients?: GradientsOptions;
  /** Called at each step to keep; weights are the trained ones. */
  onCheckpoint(checkpoint: TrainedCheckpoint): Promise<void>;
}

export interface TrainedCheckpoint {
  readonly step: number;
  readonly params: Float32Array<ArrayBuffer>;
  readonly weights: ReadonlyMap<string, Float32Array<ArrayBuffer>>;
  readonly parametrisation: Parametrisation;
}

/** @param folder where the state is kept until the training is finished */
export async function train(folder: string, training: Training): Promise<void> {
  const { network, spec, start, mask, data, hash, onCheckpoint } = training;
  const identity: TrainIdentity = { spec, base: hash, data: hash, head: hash };
  const path = join(folder, "state.safetensors");
  const from = await savedState(path, identity);
  const parametrisation = parametrise(spec, network, start, mask);
  const gradients = openGradients(nodeRunner(), network, training.gradients);
  const kept: Promise<void>[] = [];
  const trainer = createTrainer({
    gradients,
    parametrisation,
    spec,
    data,
    context: quietContext,
    ...(from && { from }),
    onEvent(event) {
      if (event.kind === "checkpoint") kept.push(onCheckpoint({ ...event, parametrisation }));
    },
  });
  try {
    let saved = performance.now();
    for (;;) {
      const [begin, clock] = [trainer.step, performance.now()];
      const end = await trainer.run(begin + SLICE);
      await Promise.all(kept.splice(0));
      log(trainer.state(), begin, performance.now() - clock, spec.steps);
      if (end !== "paused") return;
      if (performance.now() - saved > SAVE_EVERY) {
        await saveState(path, trainer.state(), identity);
        saved = performance.now();
      }
    }
  } finally {
    await gradients.close();
  }
}

function log({ step, history }: TrainState, begin: number, milliseconds: number, steps: number): void {
  const losses = history.losses.subarray(begin, step);
  const mean = losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
  const pace = (milliseconds / losses.length).toFixed(0);
  console.log(`  ${step} of ${steps}: loss ${mean.toFixed(4)}, ${pace} ms a step`);
}

async function savedState(path: string, identity: TrainIdentity): Promise<TrainState | undefined> {
  const bytes = await readFile(path).catch(() => undefined);
  if (!bytes) return undefined;
  return readTrainState(await safetensors.open(bytesSource(new Uint8Array(bytes)), path), identity);
}

/** Written beside and moved, so that an interruption leaves the older one. */
async function saveState(path: string, state: TrainState, identity: TrainIdentity): Promise<void> {
  const pieces: Uint8Array[] = [];
  for await (const piece of writeTrainState(state, identity)) pieces.push(piece);
  await writeFile(`${path}.new`, Buffer.concat(pieces));
  await rename(`${path}.new`, path);
}
