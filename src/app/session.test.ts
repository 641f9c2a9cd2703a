import { expect, test } from "vitest";
import { setLambda } from "#core/recipe/edit.ts";
import { arithmetic } from "#core/testing/small-merge.ts";
import type { Engine } from "./bridge/engine.ts";
import { probe } from "./session.ts";
import { createAppStore } from "./store.ts";

test("probes take turns at the side image, and one that fails does not hold up the next", async () => {
  const order: string[] = [];
  const pause = () => new Promise((resolve) => setTimeout(resolve, 5));
  const models = {
    merge: async (_: number, { lambda }: { lambda: number }) => {
      order.push(`merge ${lambda}`);
      await pause();
      return { revision: order.length };
    },
  };
  const evaluation = {
    evaluate: async () => {
      order.push("evaluate");
      await pause();
      if (order.length < 3) throw new Error("broken graph");
      return {};
    },
  };
  const engine = {
    models: (_: unknown, call: (api: unknown, job: number) => unknown) => call(models, 1),
    evaluate: (_: unknown, call: (api: unknown, job: number) => unknown) => call(evaluation, 1),
  } as unknown as Engine;
  const session = { engine, store: createAppStore() };
  const { signal } = new AbortController();
  const options = { signal, stages: [4], session: "inputs" } as const;
  const results = await Promise.allSettled(
    [0.1, 0.2].map((lambda) => probe(session, setLambda(arithmetic, lambda), options)),
  );
  expect(order).toEqual(["merge 0.1", "evaluate", "merge 0.2", "evaluate"]);
  expect(results.map(({ status }) => status)).toEqual(["rejected", "fulfilled"]);
});
