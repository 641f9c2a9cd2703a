/** One training step on our side: gradients by a graph, update by our optimiser. */
import type { GraphRunner } from "../../src/core/graph-runner.ts";
import { wave } from "../../src/core/testing/onnx-graph.ts";
import { openGradients } from "../../src/core/train/gradients.ts";
import { createOptimiser } from "../../src/core/train/optimiser.ts";
import type { Timed } from "./networks.ts";

export const BATCH = 64;
const ROUNDS = 15;

/** A batch of waves in place of pictures, and labels in turn. */
export function batchOf({ network }: Pick<Timed, "network">) {
  const size = network.input.shape.reduce((a, b) => a * b, 1);
  const labels = Array.from({ length: BATCH }, (_, i) => i % network.classes);
  return { x: wave(BATCH * size, 3), rows: BATCH, labels };
}

/** Runs steps of SGD; each call is one. The weights move. */
export function stepper(timed: Timed, runner: GraphRunner): () => Promise<number> {
  const gradients = openGradients(runner, timed.network);
  const batch = batchOf(timed);
  const weights = new Map([...timed.weights].map(([name, values]) => [name, values.slice()]));
  const optimisers = new Map(
    [...weights].map(([name, values]) => [
      name,
      createOptimiser({ kind: "sgd", momentum: 0 }, values.length),
    ]),
  );
  return async () => {
    const { loss, gradients: found } = await gradients.evaluate(weights, batch, "cross-entropy");
    for (const [name, values] of weights) {
      const gradient = found.get(name);
      if (gradient) optimisers.get(name)?.step(values, gradient, 0.01);
    }
    return loss;
  };
}

/** Median and least milliseconds of variants that take turns. */
export async function takeTurns(
  variants: Readonly<Record<string, () => Promise<unknown>>>,
): Promise<Readonly<Record<string, { readonly median: number; readonly least: number }>>> {
  const spent = new Map(Object.keys(variants).map((name) => [name, [] as number[]]));
  for (let round = -2; round < ROUNDS; round++) {
    for (const [name, run] of Object.entries(variants)) {
      const begin = performance.now();
      await run();
      if (round >= 0) spent.get(name)?.push(performance.now() - begin);
    }
  }
  return Object.fromEntries(
    [...spent].map(([name, list]) => {
      const sorted = list.toSorted((a, b) => a - b);
      return [name, { median: sorted[sorted.length >> 1]!, least: sorted[0]! }];
    }),
  );
}
