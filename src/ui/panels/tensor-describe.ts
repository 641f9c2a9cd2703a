/** What decided a tensor's values, in sentences. */
import type { Recipe, Rule } from "#core/recipe/schema.ts";
import type { Formats } from "../format.ts";
import type { SiteView } from "../tensor-sites.ts";
import type { TensorWords } from "./tensor-words.ts";

/** Realised and asked rates that differ by less are told apart in words only: the cell stays calm. */
const VISIBLE = 0.005;

/** A drop rate 0…1 as "80.0 %", a tenth of a percent exact: columns of them line up. */
export function ratePercent(rate: number, format: Formats): string {
  return `${format.at(0.1, 100 * rate)}\u202f%`;
}

/** The drop rate of a cell: "80.0 %", "12–45 %" where its experts differ, "–" before the first merge. */
export function rateText({ rate, low, high, isMixed }: SiteView, format: Formats): string {
  if (rate === undefined) return "–";
  if (!isMixed || low === undefined || high === undefined) return ratePercent(rate, format);
  return `${format.at(1, 100 * low)}–${format.at(1, 100 * high)}\u202f%`;
}

/** Three significant digits with their zeros, so that a column of them lines up at the right. */
export function figure(value: number, format: Formats): string {
  const size = Math.abs(value);
  return format.at(size >= 100 ? 1 : size >= 10 ? 0.1 : size >= 1 ? 0.01 : 0.001, value);
}

/** What the merge really dropped, where that is visibly not what was asked for. */
export function visiblyRealised({ rate, realised }: SiteView): number | undefined {
  const isFar = rate !== undefined && realised !== undefined && Math.abs(rate - realised) >= VISIBLE;
  return isFar ? realised : undefined;
}

/** Why a site has its drop rate, what the merge realised, and whether it matters at all. */
export function describeSite(
  view: SiteView,
  keep: string | undefined,
  rules: Recipe["rules"],
  words: TensorWords,
  format: Formats,
): string {
  if (keep !== undefined) return words.keptWhole(keep === "base" ? words.base : keep);
  const lines = [whySentence(view, rules, words)];
  const { rate, realised } = view;
  if (rate !== undefined && realised !== undefined) {
    const [asked, dropped] = [ratePercent(rate, format), ratePercent(realised, format)];
    if (asked !== dropped) lines.push(words.realised(dropped, asked));
  }
  return lines.join("\n");
}

function whySentence({ why, rule }: SiteView, rules: Recipe["rules"], words: TensorWords): string {
  const found = rule === undefined ? undefined : rules[rule];
  if (why !== "rule" || !found || rule === undefined) return words.whySentence[why];
  return words.ruleSentence(rule + 1, describeMatch(found, words));
}

function describeMatch({ match: { glob, role } }: Rule, words: TensorWords): string {
  const parts = [glob ?? "", role ? `${words.role} ${words.roles[role]}` : ""].filter(Boolean);
  return parts.join(", ") || words.everything;
}
