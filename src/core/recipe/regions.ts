/** Single regions as recipes: the base with what the sparsifiers leave of one expert, and the controls beside it. */

import type { EvidenceKind } from "../model/evidence.ts";
import { baseRecipe, expertRecipe } from "./baselines.ts";
import type { ExpertId, Recipe } from "./schema.ts";

/** What a region is compared with, each a recipe on the expert's own task. */
export interface Grafts {
  readonly base: Recipe;
  /** The base with the expert's region, at full strength. */
  readonly region: Recipe;
  /** The whole task vector at the recipe's stop step. */
  readonly expert: Recipe;
}

/** How a region of a given density may be chosen. */
export type RegionKind = "magnitude" | "random" | "trained" | "sensitivity";

/** Base, region and expert of one expert of the recipe. */
export function graftsOf(recipe: Recipe, id: ExpertId): Grafts {
  return {
    base: baseRecipe({ ...recipe, experts: [] }),
    region: {
      ...alone(recipe, id),
      sparsifiers: recipe.sparsifiers,
      rules: recipe.rules,
      locks: recipe.locks,
    },
    expert: expertRecipe(recipe, id, stepOf(recipe, id)),
  };
}

/**
 * The base with a region of this density, chosen in one of four ways; "trained" brings its own density.
 *
 * @param density 0…1, six decimals are kept
 */
export function regionOf(recipe: Recipe, id: ExpertId, kind: RegionKind, density: number): Recipe {
  const share = Number(density.toFixed(6));
  const sparsifier =
    kind === "sensitivity"
      ? { id: "sensitivity", enabled: true, params: { density: share } }
      : { id: "localize", enabled: true, params: { masks: masksOf[kind], density: share } };
  return { ...alone(recipe, id), sparsifiers: [sparsifier] };
}

/** What a way of choosing needs to know about the expert. */
export function evidenceFor(kind: RegionKind): EvidenceKind | undefined {
  return kind === "trained" ? "mask" : kind === "sensitivity" ? "sensitivity" : undefined;
}

/** The recipe's regions, whatever is done with them later: equal for recipes whose masks are equal. */
export function regionsOnly(recipe: Recipe): Recipe {
  const experts = recipe.experts.filter(({ enabled }) => enabled).map((expert) => ({ ...expert, weight: 1 }));
  return {
    ...plain(recipe),
    experts,
    sparsifiers: recipe.sparsifiers,
    rules: recipe.rules,
    locks: recipe.locks,
  };
}

const masksOf = { magnitude: "dataless", random: "random", trained: "trained" } as const;

function alone(recipe: Recipe, id: ExpertId): Recipe {
  const step = stepOf(recipe, id);
  const expert = { id, enabled: true, weight: 1, ...(step === undefined ? {} : { step }) };
  return { ...plain(recipe), experts: [expert] };
}

/** Task arithmetic at λ 1 with nothing dropped; seed and evidence stay. */
function plain(recipe: Recipe): Recipe {
  const { seed, evidence } = recipe;
  return { ...baseRecipe(recipe), seed, evidence, lambda: 1 };
}

function stepOf({ experts }: Recipe, id: ExpertId): number | undefined {
  return experts.find((expert) => expert.id === id)?.step;
}
