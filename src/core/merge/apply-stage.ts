/** One sparsifier at one tensor of one expert, and what it did. */
import type { SiteSummary } from "../summary.ts";
import type { Digits, Kernels } from "../tensor/kernels.ts";
import type { Site, Stage } from "./chain.ts";

/** What the chain did at a site. */
export type SiteReport = Omit<SiteSummary, "expert" | "rule" | "weight">;

/** What is said of a task vector that no stage has touched. */
export function wholeReport(n: number): SiteReport {
  return { density: 1, aim: 1, kept: n, by: "none" };
}

/** What a stage works on. */
interface StageWork {
  readonly out: Float32Array;
  /** Of what `out` holds as it comes in. */
  readonly digits: (() => Digits) | undefined;
  readonly state: unknown;
  readonly evidence: Float32Array | undefined;
}

/** Sparsifies `out` in place. Aims multiply along the chain; kept counts what is left at its end. */
export function applyStage(
  site: Site,
  { sparsifier, params, seed, density }: Stage,
  { out, digits, state, evidence }: StageWork,
  before: SiteReport,
  depth: number,
  kernels: Kernels,
): SiteReport {
  const place = {
    tensor: site.tensor,
    expert: site.expert,
    seed,
    evidence,
    ...(digits && { digits }),
    ...(density === undefined ? {} : { density }),
  };
  const did = sparsifier.apply(out, place, params, state, kernels);
  const kept = depth === 1 ? did.kept : kernels.norms(out).nonZero;
  // A later stage cuts what an earlier one has rescaled, so only the first cut is one of |τ| itself.
  const threshold = depth === 1 ? did.threshold : before.threshold;
  return {
    density: out.length === 0 ? 1 : kept / out.length,
    aim: before.aim * did.density,
    kept,
    by: depth === 1 ? did.by : before.by,
    ...(threshold === undefined ? {} : { threshold }),
  };
}
