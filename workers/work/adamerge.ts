/** AdaMerging: coefficients of the experts by the entropy on their tasks' unlabelled examples. */
import { type AdaptTask, adamerge } from "#core/adamerging/adamerging.ts";
import { deltaOf } from "#core/localise/include.ts";
import type { WeightValues } from "#core/train/gradients.ts";
import type { AdamergeRequest, WorkOutcome } from "../protocol/optimise.ts";
import { baseWeights, expertWeights, namesOf, type Tools } from "./tools.ts";

/** Every expert's own task takes part once, however many experts it has. What a recipe optimises for them comes first. */
export async function runAdamerge(request: AdamergeRequest, tools: Tools): Promise<WorkOutcome> {
  const { bench, context, trace } = tools;
  const { spec } = request;
  const base = await baseWeights(tools);
  const names = namesOf(bench);
  const experts: { expert: string; delta: WeightValues }[] = [];
  const tasks = new Map<string, AdaptTask>();
  if (request.of) await tools.passes.ensure(request.of, context);
  try {
    for (const from of request.experts) {
      const { of, task, weights } = await expertWeights(tools, from);
      const delta = request.of
        ? await tools.models.vector(request.of, of.expert)
        : deltaOf(base, weights, names);
      experts.push({ expert: of.expert, delta });
      if (tasks.has(task)) continue;
      const data = await bench.data(task, "validation");
      tasks.set(task, { task, gradients: bench.gradients(task), data });
    }
    const input = { tensors: bench.weights, base, experts, tasks: [...tasks.values()] };
    const coefficients = await adamerge(input, spec, context, ({ step: at, entropy }) => {
      const mean = entropy.reduce((sum, value) => sum + value, 0) / entropy.length;
      trace({ curve: "entropy", at, value: mean });
    });
    return { kind: "coefficients", coefficients, ...(request.of && { of: request.of }) };
  } finally {
    for (const { gradients } of tasks.values()) await gradients.close();
  }
}
