/** A plan as plain numbers, tensor by tensor: what a merge will do, before it does it. */
import type { Site } from "./chain.ts";
import { dtypeOf } from "./finish.ts";
import type { MergeOutline, OutlinedSite, OutlinedTensor } from "./merger.ts";
import type { Job, Plan } from "./plan.ts";

/** Describes a plan. */
export function outlineOf({ jobs, warnings, rows }: Plan): MergeOutline {
  return { tensors: jobs.map(outlineTensor), warnings, rows };
}

function outlineTensor(job: Job): OutlinedTensor {
  const { spec, resolved } = job;
  return {
    spec: { ...spec, dtype: dtypeOf(job) },
    storedAs: spec.dtype,
    keep: job.kind === "base" ? "base" : job.kind === "expert" ? job.expert : undefined,
    lambda: resolved.lambda,
    sites: job.kind === "merged" ? job.sites.map(outlineSite) : [],
  };
}

function outlineSite({ expert, resolved, stages }: Site): OutlinedSite {
  return { expert, weight: resolved.weight, density: resolved.density ?? densityOf(stages) };
}

/** 1 without a chain; of a chain the first sparsifier's own parameter, where it ranks each tensor alone or tosses coins. */
function densityOf(stages: Site["stages"]): number | undefined {
  const [first] = stages;
  if (!first) return 1;
  const { density } = first.params;
  const isComputed = (first.pool && !first.sparsifier.usesSeed) || first.evidence;
  return typeof density === "number" && !isComputed ? density : undefined;
}
