import { expect, it } from "vitest";
import { localiseSpec } from "#core/localise/spec.ts";
import type { EvidenceCard } from "#core/summary.ts";
import { CLASSES, cornerData, logistic, logisticTensors, logisticWeights } from "#core/testing/logistic.ts";
import type { MadeEvidence } from "../protocol/optimise.ts";
import { runLocalise } from "./measure.ts";
import type { Tools } from "./tools.ts";

/** A family of one regression; `made` is what reached the library. */
function smallTools() {
  const made: MadeEvidence[] = [];
  const tools = {
    bench: { weights: logisticTensors, gradients: () => logistic, data: async () => cornerData(30) },
    models: {
      load: async (from: unknown) =>
        from === "base"
          ? { id: "base", tensors: logisticWeights(0) }
          : { id: "expert", task: "corners", step: 20, tensors: logisticWeights(1) },
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

it("a localisation's evidence counts the examples that were read, not all that there are", async () => {
  const { tools, made } = smallTools();
  const spec = localiseSpec.parse({ shots: 2, epochs: 1 });
  await runLocalise({ kind: "localise", expert: "one", spec }, tools);
  expect(made).toMatchObject([{ about: { kind: "mask", expert: "one", examples: 2 * CLASSES } }]);
});
