import type { RetentionReport } from "#core/eval/report.ts";
import { useFormats } from "../format.ts";
import { useWords } from "../words.ts";
import type { Provenance } from "./csv.ts";
import { frameWords } from "./frame-words.ts";

/** Where a report's numbers come from, in words, for files that leave a chart. */
export function useProvenance(report: RetentionReport | undefined): Provenance {
  const words = useWords(frameWords);
  const format = useFormats();
  if (!report) return { recipeKey: "", sample: "" };
  const counts = report.tasks.map(({ n }) => n);
  const low = Math.min(...counts);
  const high = Math.max(...counts);
  const n = low === high ? format.n(low) : `${format.n(low)}–${format.count(high)}`;
  const { split, subset, recipeKey } = report;
  return { recipeKey, sample: words.sample(words.split[split], words.subset[subset], n) };
}
