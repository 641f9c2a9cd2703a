import { expect, test } from "vitest";
import { trainSpec } from "#core/train/spec.ts";
import type { TrainRequest } from "#workers/protocol/optimise.ts";
import type { CallOptions, Engine } from "../bridge/engine.ts";
import { createAppStore } from "../store.ts";
import { holdWhileEditing } from "./hold.ts";

const request: TrainRequest = {
  kind: "train",
  task: "t",
  from: "base",
  spec: trainSpec.parse({}),
  label: "L",
};

test("work stands still from the first edit to the last numbers, and only while there is any", () => {
  const told: boolean[] = [];
  const api = { hold: async (isHeld: boolean) => void told.push(isHeld) };
  const engine = {
    optimise: async (_: CallOptions, call: (api: unknown, job: number) => unknown) => call(api, 1),
  } as unknown as Engine;
  const store = createAppStore();
  const end = holdWhileEditing({ engine, store });
  const { beginGesture, endGesture, setPhase, addWork, patchWork } = store.getState();

  beginGesture();
  endGesture();
  expect(told).toEqual([]);

  const id = addWork({ title: "L", request, run: undefined });
  patchWork(id, { state: "running" });
  beginGesture();
  setPhase("quick");
  endGesture();
  expect(told).toEqual([true]);
  setPhase("settling");
  expect(told).toEqual([true, false]);

  setPhase("quick");
  patchWork(id, { state: "done" });
  expect(told).toEqual([true, false, true, false]);
  end();
  patchWork(id, { state: "running" });
  expect(told).toHaveLength(4);
});
