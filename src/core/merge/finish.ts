/** The last step of a tensor: λ, rounding to the output's dtype, and a look at what came out. */
import type { Routes } from "../methods/method.ts";
import type { ModelLibrary } from "../model/library.ts";
import { routedInputs } from "../routing/sites.ts";
import type { DType } from "../tensor/dtype.ts";
import { roundTo } from "../tensor/dtype.ts";
import type { Kernels } from "../tensor/kernels.ts";
import type { RoutedLayer } from "./merger.ts";
import type { Job, MergedJob, Plan } from "./plan.ts";
import type { Run, Stages } from "./stages.ts";

/** A finished tensor. */
export interface Finished {
  /** Fresh arrays, owned by the caller. */
  readonly rows: readonly Float32Array<ArrayBuffer>[];
  /** Entries that are NaN or infinite, over all rows, before rounding. */
  readonly nonFinite: number;
  /** Finite entries that rounding made infinite. */
  readonly overflow: number;
  /** Of a routed layer only. */
  readonly routed?: RoutedLayer;
}

/** Computes the rows of a job. */
export async function finish(
  plan: Plan,
  job: Job,
  stages: Stages,
  library: ModelLibrary,
  kernels: Kernels,
  run: Run,
): Promise<Finished> {
  if (job.kind === "merged" && !job.isBase) {
    const { rows, routes } = await stages.mix(plan, job, run);
    await run.context.breathe();
    const base = await library.base.load(job.spec.name);
    if (routes) return routedLayer(job, routes, base);
    return checked(
      rows.map((row) => scaled(plan, job, row, base, kernels)),
      job,
      kernels,
    );
  }
  const source = job.kind === "expert" ? job.checkpoint : library.base;
  const values = await source.load(job.spec.name);
  const rows = Array.from({ length: plan.rows }, () => new Float32Array(values));
  if (job.kind === "merged" && !isFromBase(job)) for (const row of rows) roundTo(row, job.dtype);
  return { rows, nonFinite: 0, overflow: 0 };
}

/** The base's weight as it is, and the experts beside it with λ in their factors. */
function routedLayer({ spec, lambda, dtype }: MergedJob, routes: Routes, base: Float32Array): Finished {
  const weight = new Float32Array(base);
  const overflow = roundTo(weight, dtype);
  const { down, up, prototypes, topK, temperature, note } = routes;
  const site = { name: spec.name, ranks: note.ranks };
  const given = routedInputs(site, down.length / note.rank, up.length / note.rank);
  const inputs = [
    { spec: given.down, values: new Float32Array(down) },
    { spec: given.up, values: Float32Array.from(up, (value) => lambda * value) },
    { spec: given.prototypes, values: new Float32Array(prototypes) },
    { spec: given.topK, values: Float32Array.of(topK) },
    { spec: given.temperature, values: Float32Array.of(temperature) },
  ];
  return { rows: [weight], nonFinite: 0, overflow, routed: { site, inputs } };
}

/** Whether the base's own bytes are the result, in the base's own dtype. */
export function isFromBase(job: Job): boolean {
  if (job.kind === "base") return true;
  return job.kind === "merged" && job.isBase && job.dtype === job.spec.dtype;
}

/** The dtype that the job's rows are to be written in. */
export function dtypeOf(job: Job): DType {
  return job.kind === "base" ? job.spec.dtype : job.dtype;
}

function scaled(
  { method }: Plan,
  { lambda }: MergedJob,
  row: Float32Array,
  base: Float32Array,
  kernels: Kernels,
): Float32Array<ArrayBuffer> {
  if (method.space === "weight") return new Float32Array(row);
  // Not from kernels.alloc: the receiver takes the array's memory away.
  const out = new Float32Array(row.length);
  kernels.axpy(out, base, row, method.lambda === "none" ? 1 : lambda);
  return out;
}

function checked(rows: Float32Array<ArrayBuffer>[], { dtype }: MergedJob, kernels: Kernels): Finished {
  let nonFinite = 0;
  let overflow = 0;
  for (const row of rows) {
    nonFinite += kernels.nonFinite(row).count;
    overflow += roundTo(row, dtype);
  }
  return { rows, nonFinite, overflow };
}
