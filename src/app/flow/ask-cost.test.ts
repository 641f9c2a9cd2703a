import { expect, test, vi } from "vitest";
import { fisherSpec } from "#core/statistics/fisher.ts";
import type { WorkCost, WorkRequest } from "#workers/protocol/optimise.ts";
import type { Engine } from "../bridge/engine.ts";
import { costKey } from "../slices/work.ts";
import { createAppStore } from "../store.ts";
import { createAskCost } from "./ask-cost.ts";

const request = (expert: string): WorkRequest => ({ kind: "fisher", expert, spec: fisherSpec.parse({}) });
const cost: WorkCost = {
  examples: 1,
  passes: 1,
  gradientPasses: 1,
  rows: 1,
  bytes: 1,
  seconds: 2,
  heapBytes: 3,
};

function open() {
  const store = createAppStore();
  const asked: { readonly key: string; answer(): void; fail(): void }[] = [];
  const api = {
    cost: (_: number, about: WorkRequest) =>
      new Promise<WorkCost>((resolve, reject) => {
        asked.push({
          key: costKey(about),
          answer: () => resolve(cost),
          fail: () => reject(new Error("no heap")),
        });
      }),
  };
  const engine = {
    optimise: (_: unknown, call: (api: unknown, job: number) => unknown) => call(api, 0),
  } as unknown as Engine;
  return { store, asked, ask: createAskCost({ engine, store }), costs: () => store.getState().costs };
}

test("measures one question at a time, the newest of those that wait, and each once", async () => {
  const { asked, ask, costs } = open();
  for (const expert of ["a", "b", "c", "d", "e", "a"]) ask(request(expert));
  expect(asked).toHaveLength(1);
  for (const nth of [0, 1, 2, 3]) {
    await vi.waitFor(() => expect(asked).toHaveLength(nth + 1));
    asked[nth]?.answer();
  }
  await vi.waitFor(() => expect(costs().filter((one) => one.cost)).toHaveLength(4));
  expect(asked.map(({ key }) => key)).toEqual(["a", "c", "d", "e"].map((expert) => costKey(request(expert))));
});

test("keeps a failure, and asks again when it is wanted again", async () => {
  const { asked, ask, costs } = open();
  ask(request("a"));
  asked[0]?.fail();
  await vi.waitFor(() => expect(costs()[0]?.failure?.message).toBe("no heap"));
  ask(request("a"));
  await vi.waitFor(() => expect(asked).toHaveLength(2));
});
