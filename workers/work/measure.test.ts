import { describe, expect, it } from "vitest";
import { localiseSpec } from "#core/localise/spec.ts";
import type { EvidenceCard } from "#core/summary.ts";
import { smallData, smallNet, smallWeights } from "#core/testing/small-training.ts";
import { webRunner } from "#core/testing/web-runner.ts";
import { openGradients } from "#core/train/gradients.ts";
import type { MadeEvidence } from "../protocol/optimise.ts";
import { runLocalise } from "./measure.ts";
import type { Tools } from "./tools.ts";

/** A family of one small network; `made` is what reached the library. */
function smallTools() {
  const made: MadeEvidence[] = [];
  const tools = {
    bench: {
      weights: smallNet.weights,
      network: () => smallNet,
      gradients: () => openGradients(webRunner, smallNet),
      data: async () => smallData(30),
    },
    models: {
      load: async (from: unknown) =>
        from === "base"
          ? { id: "base", tensors: smallWeights(0) }
          : { id: "expert", task: "corners", step: 20, tensors: smallWeights(1) },
      addEvidence: async (evidence: MadeEvidence) => {
        made.push(evidence);
        return {} as EvidenceCard;
      },
    },
    context: { signal: new AbortController().signal, breathe: async () => {}, progress() {} },
    trace() {},
  } as unknown as Tools;
  return { tools, made };
}

describe("the evidence of a localisation", () => {
  const spec = localiseSpec.parse({ shots: 2, epochs: 1 });

  it("counts the examples that were read, not all that there are", async () => {
    const { tools, made } = smallTools();
    await runLocalise({ kind: "localise", expert: "one", spec }, tools);
    expect(made[0]?.about).toMatchObject({ kind: "mask", expert: "one", task: "corners", examples: 6 });
  });
});
