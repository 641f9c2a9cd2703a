/** Which single regions are measured, and under which keys their accuracies are found. */
import { CURVE_DENSITIES } from "#core/localise/density-curve.ts";
import { setEvidence } from "#core/recipe/edit-evidence.ts";
import { recipeKey } from "#core/recipe/key.ts";
import { evidenceFor, graftsOf, type RegionKind, regionOf } from "#core/recipe/regions.ts";
import type { ExpertId, Recipe } from "#core/recipe/schema.ts";
import type { EvidenceCard, LibraryCard, MaskSummary, TaskCard } from "#core/summary.ts";

/** One model to measure on one task. */
export interface Graft {
  /** Where its accuracy is kept. */
  readonly key: string;
  readonly recipe: Recipe;
  readonly task: TaskCard;
}

/** A region of the recipe beside what it is compared with. */
export interface GraftRow {
  readonly expert: ExpertId;
  readonly task: TaskCard;
  readonly density: number;
  readonly base: Graft;
  readonly region: Graft;
  /** Random entries of the same share of the model. */
  readonly random: Graft;
  readonly whole: Graft;
}

/** A region of a chosen density. */
export interface CurveGraft {
  readonly kind: RegionKind;
  readonly density: number;
  readonly graft: Graft;
}

/** One row per enabled expert with a task; `summary` is that of the recipe's regions. */
export function graftRows(recipe: Recipe, library: LibraryCard, summary: MaskSummary): readonly GraftRow[] {
  return summary.experts.flatMap((expert, k) => {
    const task = taskOf(library, expert);
    if (!task || recipe.experts.every(({ id }) => id !== expert)) return [];
    const density = densityOf(summary, k);
    const { base, region, expert: whole } = graftsOf(recipe, expert);
    const random = regionOf(recipe, expert, "random", density);
    const [a, b, c, d] = [base, region, random, whole].map((one) => graftOf(one, task));
    return a && b && c && d ? [{ expert, task, density, base: a, region: b, random: c, whole: d }] : [];
  });
}

/** Base and whole expert, and regions of several densities, chosen in every way that is possible for this expert. */
export function curveGrafts(
  recipe: Recipe,
  library: LibraryCard,
  evidence: readonly EvidenceCard[],
  expert: ExpertId,
): { readonly base: Graft; readonly whole: Graft; readonly points: readonly CurveGraft[] } | undefined {
  const task = taskOf(library, expert);
  if (!task || recipe.experts.every(({ id }) => id !== expert)) return undefined;
  const { base, expert: whole } = graftsOf(recipe, expert);
  const points = kinds.flatMap((kind) => {
    const card = evidenceOf(recipe, library, evidence, expert, kind);
    if (evidenceFor(kind) !== undefined && !card) return [];
    const densities = kind === "trained" ? [card?.density ?? 0] : CURVE_DENSITIES;
    const informed = card ? setEvidence(recipe, card.about.kind, expert, card.id) : recipe;
    return densities.map((density): CurveGraft => {
      const of = regionOf(informed, expert, kind, density);
      return { kind, density, graft: graftOf(of, task) };
    });
  });
  return { base: graftOf(base, task), whole: graftOf(whole, task), points };
}

/** Share of the merged tensors' entries that the k-th expert's region holds, 0…1. */
export function densityOf({ tensors }: MaskSummary, k: number): number {
  const entries = tensors.reduce((sum, tensor) => sum + tensor.entries, 0);
  const kept = tensors.reduce((sum, tensor) => sum + (tensor.kept[k] ?? 0), 0);
  return entries === 0 ? 0 : kept / entries;
}

const kinds = ["trained", "magnitude", "sensitivity", "random"] as const satisfies readonly RegionKind[];

function graftOf(recipe: Recipe, task: TaskCard): Graft {
  return { key: `${recipeKey(recipe)} ${task.id}`, recipe, task };
}

function taskOf({ tasks, experts }: LibraryCard, expert: ExpertId): TaskCard | undefined {
  const id = experts.find((card) => card.id === expert)?.task;
  return tasks.find((task) => task.id === id);
}

/** The newest evidence about the expert at the recipe's stop step; scores of the base serve every step. */
function evidenceOf(
  { experts }: Recipe,
  library: LibraryCard,
  evidence: readonly EvidenceCard[],
  expert: ExpertId,
  of: RegionKind,
): EvidenceCard | undefined {
  const wanted = evidenceFor(of);
  const last = library.experts.find(({ id }) => id === expert)?.checkpoints.at(-1)?.step;
  const step = experts.find(({ id }) => id === expert)?.step ?? last;
  const fits = (made: number | undefined) => (wanted === "mask" ? made === step : true);
  return evidence.findLast(
    ({ about }) => about.kind === wanted && about.expert === expert && fits(about.step),
  );
}
