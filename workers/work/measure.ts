/** Work whose result is evidence: masks, sensitivities, Fisher information, Gram matrices. */
import { deltaOf, included } from "#core/localise/include.ts";
import { localise } from "#core/localise/localise.ts";
import type { Params } from "#core/recipe/schema.ts";
import { fisherDiagonal } from "#core/statistics/fisher.ts";
import { gramMatrices } from "#core/statistics/gram.ts";
import { calibrate } from "#core/talos/calibrate.ts";
import type {
  CalibrateRequest,
  FisherRequest,
  GramRequest,
  LocaliseRequest,
  MadeEvidence,
  WorkOutcome,
} from "../protocol/optimise.ts";
import { baseWeights, expertWeights, namesOf, sharePoint, type Tools } from "./tools.ts";

/** A trained mask over the expert's task vector. */
export async function runLocalise(
  { spec, include = {}, ...from }: LocaliseRequest,
  tools: Tools,
): Promise<WorkOutcome> {
  const { bench, context, trace } = tools;
  const base = await baseWeights(tools);
  const { of, task, weights } = await expertWeights(tools, from);
  const data = await bench.data(task, "fewShot");
  const validation = await bench.data(task, "validation");
  const delta = deltaOf(base, weights, included(bench.weights, include));
  const gradients = bench.gradients(task);
  try {
    const input = { gradients, tensors: bench.weights, base, delta, data, validation };
    const found = await localise(input, spec, context, (done) => {
      const { epoch: at, loss, density, grafted } = done;
      if (Number.isFinite(loss)) trace({ curve: "loss", at, value: loss });
      trace({ curve: "density", at, value: density });
      if (grafted) trace(sharePoint("grafted", at, grafted));
    });
    const { expert } = of;
    const { examples } = found;
    const about = { kind: "mask", expert, task, examples, options: optionsOf(spec) } as const;
    return await kept(tools, [{ of, about, tensors: shaped(tools, found.mask) }]);
  } finally {
    await gradients.close();
  }
}

/** TaLoS: which weights of the base a task's fine-tuning may change, and how sensitive each is. */
export async function runCalibrate(
  { task, expert, spec }: CalibrateRequest,
  tools: Tools,
): Promise<WorkOutcome> {
  const { bench, context, trace } = tools;
  const base = await baseWeights(tools);
  const data = await bench.data(task, "validation");
  const gradients = bench.gradients(task);
  try {
    const input = { gradients, base, tensors: bench.weights, data };
    const found = await calibrate(input, spec, context, ({ round, density }) =>
      trace({ curve: "density", at: round, value: density }),
    );
    const examples = Math.min(spec.examples, data.count);
    const about = { expert, task, examples, options: optionsOf(spec) };
    const mask: MadeEvidence = {
      of: "base",
      about: { ...about, kind: "mask" },
      tensors: shaped(tools, found.mask),
    };
    const sensitivity: MadeEvidence = {
      of: "base",
      about: { ...about, kind: "sensitivity" },
      tensors: shaped(tools, found.sensitivity),
    };
    return await kept(tools, found.sensitivity.size > 0 ? [mask, sensitivity] : [mask]);
  } finally {
    await gradients.close();
  }
}

export async function runFisher({ spec, ...from }: FisherRequest, tools: Tools): Promise<WorkOutcome> {
  const { bench, context } = tools;
  const { of, task, weights } = await expertWeights(tools, from);
  const data = await bench.data(task, "validation");
  const gradients = bench.gradients(task);
  try {
    const found = await fisherDiagonal({ gradients, weights, wrt: namesOf(bench), data }, spec, context);
    const { expert } = of;
    const examples = Math.min(spec.examples, data.count);
    const about = { kind: "fisher", expert, task, examples, options: optionsOf(spec) } as const;
    return await kept(tools, [{ of, about, tensors: shaped(tools, found) }]);
  } finally {
    await gradients.close();
  }
}

export async function runGram({ spec, ...from }: GramRequest, tools: Tools): Promise<WorkOutcome> {
  const { bench, context } = tools;
  const { of, task, weights } = await expertWeights(tools, from);
  const data = await bench.data(task, "validation");
  const input = { runner: bench.runner, network: bench.network(task), weights, data };
  const { matrices, inputsFirst, examples } = await gramMatrices(input, spec, context);
  const about = {
    kind: "gram",
    expert: of.expert,
    task,
    examples,
    options: optionsOf(spec),
    inputsFirst,
  } as const;
  const tensors = [...matrices].map(([name, values]) => {
    const size = Math.round(Math.sqrt(values.length));
    return { name, shape: [size, size], values };
  });
  return kept(tools, [{ of, about, tensors }]);
}

async function kept({ models }: Tools, made: readonly MadeEvidence[]): Promise<WorkOutcome> {
  const evidence = [];
  for (const one of made) evidence.push(await models.addEvidence(one));
  return { kind: "evidence", evidence };
}

/** Tensors of the weights' own shapes, in the order of the weights. */
function shaped(
  { bench }: Tools,
  values: ReadonlyMap<string, Float32Array<ArrayBuffer> | Uint8Array<ArrayBuffer>>,
): MadeEvidence["tensors"] {
  return bench.weights.flatMap(({ name, shape }) => {
    const found = values.get(name);
    return found ? [{ name, shape, values: found }] : [];
  });
}

/** Specs of measurements are flat. */
function optionsOf(spec: Params): Params {
  return { ...spec };
}
