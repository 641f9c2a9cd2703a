/** Predictions of the base with scaled task vectors added: what the protocols of task arithmetic ask for. */
import type { Split } from "#core/eval/report.ts";
import { baseRecipe } from "#core/recipe/baselines.ts";
import { recipeKey } from "#core/recipe/key.ts";
import type { ExpertId, Recipe, RecipeExpert } from "#core/recipe/schema.ts";
import type { TaskCard } from "#core/summary.ts";
import type { Predict, ProtocolTask } from "#core/talos/protocol.ts";
import { probe, type Session } from "../session.ts";
import { whileResting } from "./rest.ts";

/** An expert at its stop step, and the task that its vector is for. */
export interface Candidate {
  readonly use: RecipeExpert;
  readonly task: TaskCard;
}

/** Enabled experts of the recipe, the first for each task; those that are wanted go before others of their tasks. */
export function candidatesOf(session: Session, ...wanted: readonly ExpertId[]): Candidate[] {
  const uses = session.store.getState().recipe?.experts ?? [];
  const isWanted = ({ id }: RecipeExpert) => Number(wanted.includes(id));
  return withTasks(
    session,
    uses.filter((use) => use.enabled || isWanted(use)).sort((a, b) => isWanted(b) - isWanted(a)),
  );
}

/** These experts, at the recipe's stop steps where it has them, else at their last. */
export function candidatesAmong(session: Session, ids: readonly ExpertId[]): Candidate[] {
  const uses = session.store.getState().recipe?.experts ?? [];
  return withTasks(
    session,
    ids.map((id) => uses.find((use) => use.id === id) ?? { id, enabled: true, weight: 1 }),
  );
}

function withTasks({ store }: Session, uses: readonly RecipeExpert[]): Candidate[] {
  const { library } = store.getState();
  const found: Candidate[] = [];
  for (const use of uses) {
    const id = library?.experts.find((expert) => expert.id === use.id)?.task;
    const task = library?.tasks.find((one) => one.id === id);
    if (task && !found.some((other) => other.task.id === task.id)) found.push({ use, task });
  }
  return found;
}

/** The candidates' tasks with their labels on both splits. */
export async function tasksOf(
  { engine }: Session,
  candidates: readonly Candidate[],
  signal: AbortSignal,
): Promise<readonly ProtocolTask[]> {
  const labels = (task: TaskCard, split: Split) =>
    engine.evaluate({ signal }, (api) => api.labels(task.id, split, task.n[split]));
  const tasks: ProtocolTask[] = [];
  for (const { task } of candidates) {
    const [validation, test] = [await labels(task, "validation"), await labels(task, "test")];
    tasks.push({ task: task.id, labels: { validation, test } });
  }
  return tasks;
}

/** The candidate's task where labels are not read. */
export function unlabelled({ task }: Candidate): ProtocolTask {
  return { task: task.id, labels: { validation: [], test: [] } };
}

/**
 * Merges on the side image and evaluates, at most `limit` examples of a task; while the page is at rest, and only what is
 * not known yet.
 */
export function predictWith(
  session: Session,
  candidates: readonly Candidate[],
  signal: AbortSignal,
  limit = Number.POSITIVE_INFINITY,
): Predict {
  const { recipe } = session.store.getState();
  if (!recipe) throw new Error("no recipe to take task vectors from");
  return async (coefficients, index, split) => {
    const candidate = candidates[index];
    if (!candidate) throw new Error(`no task ${index}`);
    const { id, n } = candidate.task;
    const scaled = scaledRecipe(recipe, candidates, coefficients);
    const count = Math.min(limit, n[split]);
    const key = recipeKey(scaled);
    const known = () => session.engine.evaluate({ signal }, (api) => api.predictions(key, split, id));
    const before = await known();
    if (before && before.length >= count) return before.subarray(0, count);
    await whileResting(session.store, signal, (turn) =>
      probe(session, scaled, { signal: turn, stages: [count], split, session: "inputs", tasks: [id] }),
    );
    const predictions = await known();
    if (!predictions) throw new Error(`the predictions of ${key} are gone`);
    return predictions.subarray(0, count);
  };
}

/** The recipe that all scaled ones are multiples of. @throws Error before there is a recipe */
export function sumOf({ store }: Session, candidates: readonly Candidate[]): Recipe {
  const { recipe } = store.getState();
  if (!recipe) throw new Error("no recipe to take task vectors from");
  return scaledRecipe(
    recipe,
    candidates,
    candidates.map(() => 1),
  );
}

/** θ0 + Σ coefficient · τ: task arithmetic at λ 1, without sparsifiers and rules. */
function scaledRecipe(
  recipe: Recipe,
  candidates: readonly Candidate[],
  coefficients: readonly number[],
): Recipe {
  const experts = candidates.map(({ use }, k) => ({ ...use, enabled: true, weight: coefficients[k] ?? 0 }));
  return { ...baseRecipe(recipe), lambda: 1, experts };
}
