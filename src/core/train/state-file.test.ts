import { describe, expect, it } from "vitest";
import { bytesSource, type ModelFile } from "../formats/format.ts";
import { safetensors } from "../formats/safetensors.ts";
import { trainSpec } from "./spec.ts";
import { readTrainState, type TrainIdentity, writeTrainState } from "./state-file.ts";
import type { TrainState } from "./train-state.ts";

const identity: TrainIdentity = { spec: trainSpec.parse({}), base: "sha256:b", data: "digits", head: "h" };
const state: TrainState = {
  step: 2,
  params: Float32Array.of(1 / 3, -0, 1e-40),
  optimiser: { updates: 2, moments: { first: Float32Array.of(1, 2, 3), second: Float32Array.of(4, 5, 6) } },
  history: {
    losses: Float64Array.of(Math.PI, 0.1),
    norms: Float64Array.of(1e-300, 2),
    validations: [
      { step: 0, right: 3, n: 10, loss: 0.1 + 0.2 },
      { step: 2, right: 4, n: 10, loss: 2 },
    ],
  },
  best: { step: 2, params: Float32Array.of(7, 8, 9) },
};

async function saved(given = state, metadata?: (known: Map<string, string>) => void): Promise<ModelFile> {
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  for await (const piece of writeTrainState(given, identity)) pieces.push(piece);
  const bytes = new Uint8Array(await new Blob(pieces).arrayBuffer());
  const file = await safetensors.open(bytesSource(bytes), "state.safetensors");
  const known = new Map(file.metadata);
  metadata?.(known);
  return { ...file, metadata: known };
}

describe("a saved training", () => {
  it("comes back bit for bit", async () => {
    expect(await readTrainState(await saved(), identity)).toEqual(state);
  });

  it("may have no best yet and no validations", async () => {
    const { best: _, ...young } = { ...state, history: { ...state.history, validations: [] } };
    expect(await readTrainState(await saved(young), identity)).toEqual(young);
  });

  it.each<[string, TrainIdentity]>([
    ["spec", { ...identity, spec: trainSpec.parse({ seed: 2 }) }],
    ["base", { ...identity, base: "sha256:c" }],
    ["data", { ...identity, data: "clothes" }],
    ["head", { ...identity, head: "" }],
  ])("is refused by a training with another %s, which the error names", async (key, other) => {
    await expect(readTrainState(await saved(), other)).rejects.toMatchObject({
      code: "train/other-run",
      details: { differs: [key] },
    });
  });

  it("is refused by another version, and when it is none", async () => {
    const future = await saved(state, (metadata) => metadata.set("version", "3"));
    await expect(readTrainState(future, identity)).rejects.toMatchObject({ code: "file/unsupported" });
    const model = await saved(state, (metadata) => metadata.clear());
    await expect(readTrainState(model, identity)).rejects.toMatchObject({ code: "file/malformed" });
  });

  it("is refused when its tensors do not fit each other", async () => {
    const moments = { first: Float32Array.of(1), second: Float32Array.of(4, 5, 6) };
    const file = await saved({ ...state, optimiser: { updates: 2, moments } });
    await expect(readTrainState(file, identity)).rejects.toMatchObject({ code: "file/malformed" });
  });
});
