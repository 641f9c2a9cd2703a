/** One opened zoo family with its engine: what the flows share. Replaced whole when a worker has crashed. */

import { methodCards } from "#core/catalog.ts";
import type { RetentionReport, Split } from "#core/eval/report.ts";
import type { OutputKind } from "#core/methods/method.ts";
import { averageRecipe } from "#core/recipe/baselines.ts";
import { recipeKey } from "#core/recipe/key.ts";
import type { Recipe } from "#core/recipe/schema.ts";
import type { MergeSummary } from "#core/summary.ts";
import type { ImageId } from "#workers/protocol/api.ts";
import { type CallOptions, type Engine, isAbort } from "./bridge/engine.ts";
import type { AppStore } from "./store.ts";

export interface Session {
  readonly engine: Engine;
  readonly store: AppStore;
}

/** Examples per task: first numbers, then the quick subset. */
export const QUICK_STAGES = [64, 256] as const;
/** While a slider is held, where the page draws beside the evaluation: 4 × 64 take 240 ms on two cores then, 4 × 32 take 140. */
export const HELD_STAGES = [32, ...QUICK_STAGES] as const;

/** Merges a recipe into an image of the eval worker. */
export function merge(
  { engine }: Session,
  recipe: Recipe,
  image: ImageId,
  options: CallOptions,
): Promise<MergeSummary> {
  return engine.models(options, (api, job) => api.merge(job, recipe, image));
}

export interface EvaluateOptions extends CallOptions {
  readonly image: ImageId;
  readonly stages: readonly number[];
  readonly session: "inputs" | "external";
  readonly split?: Split;
  readonly tasks?: readonly string[];
  readonly keepAs?: "base" | "average" | "expert";
}

/** Evaluates an image that `merge` has brought to the recipe. */
export function evaluate(
  { engine, store }: Session,
  recipe: Recipe,
  revision: number,
  { image, stages, session, split = "validation", tasks, keepAs, ...options }: EvaluateOptions,
): Promise<RetentionReport> {
  return engine.evaluate(options, (api, job) =>
    api.evaluate(job, {
      image,
      revision,
      recipeKey: recipeKey(recipe),
      output: outputOf(recipe),
      split,
      stages,
      hard: store.getState().hard,
      averageKey: recipeKey(averageRecipe(recipe)),
      session,
      ...(tasks ? { tasks } : {}),
      ...(keepAs ? { keepAs } : {}),
    }),
  );
}

/** The last use of each engine's side image, however it ended. */
const lastProbe = new WeakMap<Engine, Promise<unknown>>();

/**
 * Merges into the side image and evaluates it: for baselines, steps, λ probes and the test split. There is one side
 * image, so probes take turns: two at once would each find the other's weights there.
 */
export function probe(
  session: Session,
  recipe: Recipe,
  options: Omit<EvaluateOptions, "image">,
): Promise<RetentionReport> {
  const turn = (lastProbe.get(session.engine) ?? Promise.resolve()).then(async () => {
    options.signal.throwIfAborted();
    await makePass(session, recipe, options.signal);
    const { revision } = await merge(session, recipe, "side", options);
    return evaluate(session, recipe, revision, { ...options, image: "side" });
  });
  lastProbe.set(
    session.engine,
    turn.catch(() => undefined),
  );
  return turn;
}

/** Makes a long pass elsewhere, so that the models worker stays free; where that fails the merge makes it. */
async function makePass({ engine }: Session, recipe: Recipe, signal: AbortSignal): Promise<void> {
  if (!hasLongPass(recipe)) return;
  const pass = await engine.models({ signal }, (api, job) => api.longPass(job, recipe));
  if (!pass || pass.isKnown) return;
  try {
    await engine.optimise({ signal }, (api, job) => api.makePass(job, recipe));
  } catch (error) {
    if (isAbort(error)) throw error;
  }
}

/** What kind of model the recipe's method gives: one, one per task, or one that routes inputs. */
export function outputOf(recipe: Recipe): OutputKind {
  return methodCards.find((card) => card.id === recipe.method.id)?.output ?? "single";
}

/** Whether something must be optimised before the recipe can be merged. */
export function hasLongPass(recipe: Recipe): boolean {
  return methodCards.some((card) => card.id === recipe.method.id && card.isOptimised);
}

/** The upper end of λ for the recipe's method, or undefined where λ has no meaning. */
export function largestLambda(recipe: Recipe): number | undefined {
  const lambda = methodCards.find((card) => card.id === recipe.method.id)?.lambda;
  return lambda === undefined || lambda === "none" ? undefined : lambda.max;
}
