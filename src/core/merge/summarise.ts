/** Turns what a merge did into the plain rows and warnings that the page shows. */
import type { TensorNote } from "../methods/method.ts";
import type { RoutedSite } from "../routing/sites.ts";
import type { SiteSummary, TensorSummary, Warning } from "../summary.ts";
import { sizeOf } from "../tensor/tensor.ts";
import type { SiteReport } from "./apply-stage.ts";
import type { Site } from "./chain.ts";
import type { Job } from "./plan.ts";

/** What is known of a job once it is done. */
export interface Outcome {
  readonly job: Job;
  /** One per site of a merged job, else none. */
  readonly reports: readonly SiteReport[];
  readonly note: TensorNote | undefined;
  readonly nonFinite: number;
  readonly overflow: number;
  readonly routed: RoutedSite | undefined;
}

/** One row of the summary. */
export function summariseTensor({ job, reports, note }: Outcome): TensorSummary {
  const { lambda, lambdaRule, keepRule } = job.resolved;
  const rule = job.kind === "merged" ? lambdaRule : keepRule;
  const keep = job.kind === "base" ? "base" : job.kind === "expert" ? job.expert : undefined;
  return {
    name: job.spec.name,
    lambda,
    ...(rule === undefined ? {} : { rule }),
    ...(keep === undefined ? {} : { keep }),
    ...(note && { note }),
    sites: job.kind === "merged" ? job.sites.map((site, k) => summariseSite(site, reports[k])) : [],
  };
}

function summariseSite({ expert, resolved }: Site, report: SiteReport): SiteSummary {
  const { weight, densityRule } = resolved;
  const summary = { ...report, expert, weight };
  return densityRule === undefined ? summary : { ...summary, rule: densityRule };
}

/** Warnings about results: tensors of which nothing is kept, entries that are no numbers, entries too large for the dtype. */
export function warnOfResults(outcomes: readonly Outcome[]): readonly Warning[] {
  return [
    ...warnOfNothingKept(outcomes),
    ...warnOfCrossTerms(outcomes),
    ...warnOfCount(outcomes, "non-finite", (outcome) => outcome.nonFinite, "are NaN or infinite"),
    ...warnOfCount(
      outcomes,
      "overflow",
      (outcome) => outcome.overflow,
      "are too large for the output's dtype",
    ),
  ];
}

/** A pool, evidence or an exemption may rightly leave a tensor empty; a rate of its own that keeps nothing is worth a word. */
function warnOfNothingKept(outcomes: readonly Outcome[]): readonly Warning[] {
  const byExpert = new Map<string, string[]>();
  for (const { job, reports } of outcomes) {
    if (job.kind !== "merged" || sizeOf(job.spec.shape) <= 1) continue;
    reports.forEach(({ kept, by }, k) => {
      if (kept > 0 || by === "pool" || by === "evidence" || by === "exempt") return;
      const { expert } = job.sites[k];
      const names = byExpert.get(expert);
      if (names) names.push(job.spec.name);
      else byExpert.set(expert, [job.spec.name]);
    });
  }
  return [...byExpert].map(([expert, names]) => ({
    code: "density/zero",
    message: `Nothing is kept of “${expert}” in ${inTensors(names.length, names[0])}: too low a density for so few entries.`,
    details: { expert, tensors: names.length, first: names[0] },
  }));
}

/** Averaging factors one by one is rarely what is meant: the size of its cross terms is told. */
function warnOfCrossTerms(outcomes: readonly Outcome[]): readonly Warning[] {
  const crossed = outcomes.flatMap(({ job, note }) =>
    note?.cross === undefined ? [] : [{ name: job.spec.name, cross: note.cross }],
  );
  const [first, ...others] = crossed;
  if (!first) return [];
  const worst = others.reduce((most, one) => (one.cross > most.cross ? one : most), first);
  const percent = Math.round(100 * worst.cross);
  const message = `The average of A times the average of B is not the average of the updates: it differs by up to ${percent} % of that (${worst.name}; ${crossed.length} tensors).`;
  return [
    { code: "lora/cross-terms", message, details: { percent, first: worst.name, tensors: crossed.length } },
  ];
}

function warnOfCount(
  outcomes: readonly Outcome[],
  code: "non-finite" | "overflow",
  countOf: (outcome: Outcome) => number,
  what: string,
): readonly Warning[] {
  const hit = outcomes.filter((outcome) => countOf(outcome) > 0);
  if (hit.length === 0) return [];
  const entries = hit.reduce((sum, outcome) => sum + countOf(outcome), 0);
  const first = hit[0].job.spec.name;
  const message = `Merged entries that ${what}: ${entries}, in ${inTensors(hit.length, first)}.`;
  return [{ code, message, details: { entries, tensors: hit.length, first } }];
}

/** "3 tensors, first norm.bias", or the one's name. */
function inTensors(count: number, first: string): string {
  return count === 1 ? first : `${count} tensors, first ${first}`;
}
