/** Measures base, experts and simple average, so that every report can carry them. */
import { averageRecipe, baseRecipe, expertRecipe } from "#core/recipe/baselines.ts";
import { recipeKey } from "#core/recipe/key.ts";
import type { Recipe } from "#core/recipe/schema.ts";
import type { CallOptions } from "../bridge/engine.ts";
import { probe, type Session } from "../session.ts";

/** Remembers what has been measured in this session, by (what, examples per task). */
export interface Baselines {
  /** Measures what is missing on the first `count` examples per task of a split; true if anything was. */
  ensure(recipe: Recipe, count: number, split: "validation" | "test", options: CallOptions): Promise<boolean>;
}

export function createBaselines(session: Session): Baselines {
  const done = new Set<string>();
  const lastAverage = new Map<string, string>();

  async function once(name: string, measure: () => Promise<unknown>): Promise<boolean> {
    if (done.has(name)) return false;
    await measure();
    done.add(name);
    return true;
  }

  return {
    async ensure(recipe, count, split, options) {
      const kind = { ...options, stages: [count], session: "inputs", split } as const;
      const suffix = `@${split}:${count}`;
      let isNew = false;
      for (const task of session.store.getState().library?.tasks ?? []) {
        const expert = session.store
          .getState()
          .library?.experts.find((candidate) => candidate.task === task.id);
        if (!expert) continue;
        const alone = expertRecipe(recipe, expert.id);
        const measured = await once(`expert:${expert.id}${suffix}`, () =>
          probe(session, alone, { ...kind, tasks: [task.id], keepAs: "expert" }),
        );
        isNew ||= measured;
      }
      if (await once(`base${suffix}`, () => probe(session, baseRecipe(recipe), { ...kind, keepAs: "base" })))
        isNew = true;

      // The average follows the recipe's experts and steps: only the newest is kept by the eval worker.
      const average = averageRecipe(recipe);
      const name = `average${suffix}`;
      if (average.experts.length > 0 && lastAverage.get(name) !== recipeKey(average)) {
        await probe(session, average, { ...kind, keepAs: "average" });
        lastAverage.set(name, recipeKey(average));
        isNew = true;
      }
      return isNew;
    },
  };
}
