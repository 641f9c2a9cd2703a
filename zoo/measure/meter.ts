/** Measures recipes of a shipped family with the code that the page runs. */

import { openZooFolder } from "../../cli/zoo-folder.ts";
import { presets } from "../../src/core/catalog.ts";
import { quietContext } from "../../src/core/context.ts";
import type { Evaluator } from "../../src/core/eval/evaluator.ts";
import { MergedImage } from "../../src/core/eval/image.ts";
import { openEvaluator } from "../../src/core/eval/open-evaluator.ts";
import type { RetentionReport, Split } from "../../src/core/eval/report.ts";
import { ZooLibrary } from "../../src/core/library/zoo-library.ts";
import type { Merger } from "../../src/core/merge/merger.ts";
import { createMerger } from "../../src/core/merge/run.ts";
import { defaultRecipe } from "../../src/core/recipe/default.ts";
import { setExpertEnabled } from "../../src/core/recipe/edit.ts";
import { recipeKey } from "../../src/core/recipe/key.ts";
import type { Recipe } from "../../src/core/recipe/schema.ts";
import { FIRST_PRESET } from "../../src/core/shipped.ts";
import type { ExpertCard, LibraryCard } from "../../src/core/summary.ts";
import type { Kernels } from "../../src/core/tensor/kernels.ts";
import { twin } from "../../src/core/tensor/twin.ts";
import { nodeRunner } from "../node-runner.ts";

const HARD = { kind: "el2n", fraction: 0.1, lateStep: 640 } as const;
const ALL = 1_000_000;

export interface MeasureOptions {
  readonly split?: Split;
  readonly tasks?: readonly string[];
  readonly keepAs?: "base" | "average" | "expert";
}

export class Meter {
  readonly library: ZooLibrary;
  readonly evaluator: Evaluator;
  readonly merger: Merger;
  #measured = 0;

  /** @param folder of the family; others that it shares files with lie beside it */
  static async open(folder: string, kernels: Kernels = twin): Promise<Meter> {
    const files = await openZooFolder(folder);
    const library = await ZooLibrary.open(files, kernels);
    const { evaluator } = await openEvaluator(files, nodeRunner(), quietContext);
    return new Meter(library, evaluator, createMerger(library, kernels));
  }

  private constructor(library: ZooLibrary, evaluator: Evaluator, merger: Merger) {
    this.library = library;
    this.evaluator = evaluator;
    this.merger = merger;
  }

  get card(): LibraryCard {
    return this.library.card();
  }

  /** The family's own experts: those with a trajectory. */
  get experts(): readonly ExpertCard[] {
    return this.card.experts.filter(hasTrajectory);
  }

  /** Experts that are there to be compared with. */
  get others(): readonly ExpertCard[] {
    return this.card.experts.filter((expert) => !hasTrajectory(expert));
  }

  get steps(): readonly number[] {
    return this.experts[0]?.checkpoints.map(({ step }) => step) ?? [];
  }

  /** The recipe that the page starts with: the family's own experts are enabled. */
  first(): Recipe {
    const preset = presets.find(({ id }) => id === FIRST_PRESET);
    if (!preset) throw new Error(`no preset ${FIRST_PRESET}`);
    return this.withExperts(defaultRecipe(this.card, preset), this.experts);
  }

  /** Enables these experts and no others. */
  withExperts(recipe: Recipe, experts: readonly ExpertCard[]): Recipe {
    const wanted = new Set(experts.map(({ id }) => id));
    return this.card.experts.reduce(
      (changed, { id }) => setExpertEnabled(changed, id, wanted.has(id)),
      recipe,
    );
  }

  /** Merges and evaluates a recipe on a whole split. */
  async measure(
    recipe: Recipe,
    { split = "validation", ...options }: MeasureOptions = {},
  ): Promise<RetentionReport> {
    const image = new MergedImage();
    const name = `measure ${++this.#measured}`;
    const { revision, routing } = await this.merger.merge(
      recipe,
      name,
      (tensor, rows) => image.put(tensor, rows),
      quietContext,
    );
    image.commit(revision, this.merger.rowTasks(recipe), routing);
    const request = {
      revision,
      recipeKey: recipeKey(recipe),
      split,
      stages: [ALL],
      hard: HARD,
      session: "inputs",
    } as const;
    return this.evaluator.evaluate({ ...request, ...options }, image, quietContext);
  }

  /** Mean accuracy over the tasks. */
  async accuracy(recipe: Recipe, split: Split): Promise<number> {
    return (await this.measure(recipe, { split })).mean.merged.value;
  }
}

/** Tells a family's own expert from one that is there to be compared with. */
export function hasTrajectory({ checkpoints }: ExpertCard): boolean {
  return checkpoints.length > 1;
}
