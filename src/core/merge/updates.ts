/** What a merge adds to the base, before λ and rounding: for files that hold differences. */
import type { ModelLibrary } from "../model/library.ts";
import type { Kernels } from "../tensor/kernels.ts";
import type { Site } from "./chain.ts";
import type { MergedUpdate } from "./merger.ts";
import type { Job, Plan } from "./plan.ts";
import type { Run, Stages } from "./stages.ts";

interface Tools {
  readonly stages: Stages;
  readonly library: ModelLibrary;
  readonly kernels: Kernels;
}

/** One update per tensor that may differ from the base, in its order. Weight-space merges are told relative to the base. */
export async function* updatesOf(plan: Plan, tools: Tools, run: Run): AsyncGenerator<MergedUpdate> {
  for (const job of plan.jobs) {
    await run.context.breathe();
    const update = await updateOf(plan, job, tools, run);
    if (update) yield update;
  }
}

async function updateOf(
  plan: Plan,
  job: Job,
  { stages, library, kernels }: Tools,
  run: Run,
): Promise<MergedUpdate | undefined> {
  const { spec } = job;
  const whole = { spec, lambda: 1, product: undefined };
  if (job.kind === "base" || (job.kind === "merged" && job.isBase)) return undefined;
  const base = await library.base.load(spec.name);
  const fromBase = (values: Float32Array) => {
    const row = kernels.alloc(base.length);
    kernels.delta(row, values, base);
    return row;
  };
  if (job.kind === "expert") {
    const { checkpoint } = job;
    const isTransposed = (await checkpoint.factors?.(spec.name))?.isTransposed ?? false;
    return { ...whole, row: fromBase(await checkpoint.load(spec.name)), isTransposed };
  }
  const isTransposed = await isKeptTransposed(job.sites);
  const [row] = (await stages.mix(plan, job, run)).rows;
  if (!row) return undefined;
  if (plan.method.space === "weight") return { ...whole, row: fromBase(row), isTransposed };
  const lambda = plan.method.lambda === "none" ? 1 : job.lambda;
  return { spec, lambda, row, product: await stages.lowRank(plan, job, run), isTransposed };
}

async function isKeptTransposed(sites: readonly Site[]): Promise<boolean> {
  for (const { checkpoint, tensor } of sites) {
    const factors = await checkpoint.factors?.(tensor.name);
    if (factors) return factors.isTransposed;
  }
  return false;
}
