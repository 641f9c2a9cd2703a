/** What mergekit cannot say of a recipe that it has a method for, and what it would compute otherwise. */

import type { Recipe } from "../recipe/schema.ts";
import type { MergeSummary, SiteSummary } from "../summary.ts";
import type { ExportContext } from "./export.ts";
import type { Say } from "./export-models.ts";
import type { MergekitMethod } from "./methods.ts";

/** Tells what is wrong before anything is written. */
export function lint(
  recipe: Recipe,
  method: MergekitMethod,
  { summary, tensors }: ExportContext,
  say: Say,
): void {
  for (const sentence of method.differs) say("differs", "method", sentence);
  lintExperts(recipe, method, summary, say);
  lintChain(recipe, method, summary, say);
  lintRules(recipe, method, say);
  if (method.sparsifier?.id === "breadcrumbs") lintOutliers(recipe, summary, tensors, say);
}

function lintExperts(
  recipe: Recipe,
  method: MergekitMethod,
  summary: ExportContext["summary"],
  say: Say,
): void {
  const enabled = recipe.experts.filter((expert) => expert.enabled).length;
  const [least, most] = method.takes ?? [1, Infinity];
  if (enabled < least || enabled > most) {
    const number = least === most ? `exactly ${least}` : `at least ${least}`;
    say("error", "experts", `mergekit's ${method.id} takes ${number} models.`);
  }
  const { average } = recipe.method.params;
  const isWeighted = sitesOf(summary).some(({ weight }) => weight !== 1);
  if (method.weights === "none" && isWeighted) {
    say("error", "experts", `mergekit's ${method.id} has no weights: set them to 1.`);
  }
  if (recipe.method.id === "ties" && average === "count" && isWeighted) {
    say("differs", "method", "mergekit divides by the agreeing weights, not by their number.");
  }
}

function lintChain(
  recipe: Recipe,
  method: MergekitMethod,
  summary: ExportContext["summary"],
  say: Say,
): void {
  const use = recipe.sparsifiers.find(({ enabled }) => enabled);
  if (use?.params.scope === "model") {
    const message = "The whole-model threshold is written as the densities that it gave, tensor by tensor.";
    say("differs", "sparsifiers", message);
  }
  if (use?.params.rescale === "density" || use?.params.rescale === "chance") {
    const message = "mergekit rescales survivors to the same sum of magnitudes, not by 1 / density.";
    say("differs", "sparsifiers", message);
  }
  if (use?.id === "tadrop" && use.params.rescale !== "none") {
    const message =
      "mergekit's ties does not rescale what TADrop leaves: set Rescale to none, or save the weights.";
    say("error", "sparsifiers", message);
  }
  if (!method.sparsifier && sitesOf(summary).some(({ by }) => by !== "none")) {
    say("error", "rules", `mergekit's ${method.id} knows no density; rules set some.`);
  }
  if (method.sparsifier?.id === "della") lintSpread(recipe, summary, say);
}

/** mergekit refuses chances that reach 0 or 1. */
function lintSpread(recipe: Recipe, summary: ExportContext["summary"], say: Say): void {
  const epsilon = Number(recipe.sparsifiers.find(({ enabled }) => enabled)?.params.epsilon ?? 0);
  const isOutside = ({ aim }: SiteSummary) =>
    aim > 0 && aim < 1 && (aim + epsilon >= 1 || aim - epsilon <= 0);
  if (!sitesOf(summary).some(isOutside)) return;
  const message = "mergekit stops where density ± spread reaches 0 or 1; here the spread is made smaller.";
  say("error", "sparsifiers", message);
}

/** mergekit's slice of outliers is empty, and with it all that it keeps, where ⌊gamma · n⌋ is 0. */
function lintOutliers(
  recipe: Recipe,
  summary: ExportContext["summary"],
  tensors: ExportContext["tensors"],
  say: Say,
): void {
  const counts = new Map(tensors.map(({ name, count }) => [name, count]));
  const use = recipe.sparsifiers.find(({ enabled }) => enabled);
  if (use?.params.small === "drop") return;
  const gamma = Number(use?.params.gamma ?? 0);
  const lost = summary.tensors.filter(({ name, sites }) => {
    const n = counts.get(name) ?? 0;
    return sites.some(({ kept }) => kept < n && Math.min(Math.floor(gamma * n), n - kept) === 0);
  });
  if (lost.length === 0) return;
  const message = `mergekit drops the whole of tensors that are too small for an outlier, here ${lost.length}, the first ${lost[0]?.name}.`;
  say("differs", "sparsifiers", message);
}

function lintRules({ rules, lambda }: Recipe, method: MergekitMethod, say: Say): void {
  const hasLambda = "lambda" in method.defaults;
  const isScaled = lambda !== 1 || rules.some(({ set }) => "lambda" in set);
  if (method.id === "model_stock" && isScaled) {
    say("error", "lambda", "mergekit's model_stock has no lambda: set λ to 1.");
  }
  if (rules.some(({ keep }) => keep !== undefined && keep !== "base")) {
    say("error", "rules", "mergekit cannot take a tensor whole from one expert inside another method.");
  }
  if (rules.some(({ keep }) => keep === "base") && !hasLambda) {
    say("error", "rules", `mergekit's ${method.id} cannot leave single tensors at the base.`);
  }
  const own = `${method.sparsifier?.id}.`;
  const isStrange = (key: string) =>
    key.includes(".") && key.startsWith(own) && !/\.(gamma|epsilon)$/.test(key);
  if (rules.some(({ set }) => Object.keys(set).some(isStrange))) {
    say(
      "error",
      "rules",
      "Rules set parameters of the sparsifier that mergekit has only for the whole merge.",
    );
  }
}

function sitesOf({ tensors }: Pick<MergeSummary, "tensors">): readonly SiteSummary[] {
  return tensors.filter(({ keep }) => keep === undefined).flatMap(({ sites }) => sites);
}
