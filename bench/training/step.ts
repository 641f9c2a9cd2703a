/** One training step on our side: gradients by an ONNX graph, the update by our SGD. */
import type { GraphRunner } from "../../src/core/graph-runner.ts";
import { openGradients } from "../../src/core/train/gradients.ts";
import { createOptimiser } from "../../src/core/train/optimiser.ts";
import { trainSpec } from "../../src/core/train/spec.ts";
import { batchOf, LEARNING_RATE, type TimedNetwork } from "./networks.ts";

/** Makes one step and returns the loss before it. */
export type Step = () => Promise<number>;

/** Returns steps of plain SGD on one batch; each run's weights are its own and move. */
export function stepper({ network, weights: start }: TimedNetwork, runner: GraphRunner): Step {
  const gradients = openGradients(runner, network);
  const batch = batchOf(network);
  const weights = new Map([...start].map(([name, values]) => [name, values.slice()]));
  const options = { ...trainSpec.parse({}), optimiser: "sgd", momentum: 0, weightDecay: 0 } as const;
  const optimisers = new Map(
    [...weights].map(([name, { length }]) => [name, createOptimiser(options, length)]),
  );
  return async () => {
    const found = await gradients.evaluate(weights, batch, "cross-entropy");
    for (const [name, values] of weights) {
      const gradient = found.gradients.get(name);
      if (!gradient) throw new Error(`no gradient by ${name}`);
      optimisers.get(name)?.update(values, gradient, LEARNING_RATE);
    }
    return found.loss;
  };
}
