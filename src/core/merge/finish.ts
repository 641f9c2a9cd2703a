/** The last step of a tensor: λ, rounding to the output's dtype, and a look at what came out. */
import type { ModelLibrary } from "../model/library.ts";
import type { DType } from "../tensor/dtype.ts";
import { roundTo } from "../tensor/dtype.ts";
import type { Kernels } from "../tensor/kernels.ts";
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
    const mix = await stages.mix(plan, job, run);
    await run.context.breathe();
    const base = await library.base.load(job.spec.name);
    return checked(
      mix.map((row) => scaled(plan, job, row, base, kernels)),
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
