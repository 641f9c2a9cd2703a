/**
 * What is measured when nothing else is wanted, on the quick subset and on the side image: the recipe with all experts
 * at each stop step, the recipe at other λ, and each expert alone at every step where the zoo ships no such number.
 */
import { expertRecipe } from "#core/recipe/baselines.ts";
import { setAllSteps, setLambda } from "#core/recipe/edit.ts";
import { recipeKey } from "#core/recipe/key.ts";
import type { Recipe } from "#core/recipe/schema.ts";
import { largestLambda, probe, QUICK_STAGES, type Session } from "../session.ts";
import { shownPass } from "../slices/pass.ts";
import type { LambdaProbe, StepProbe } from "../slices/runs.ts";

const QUICK = { stages: [QUICK_STAGES[1]], session: "inputs" } as const;
/** λ probes as shares of the method's largest λ: dense where good values lie. */
const LAMBDAS = [0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.75];

/** A pass that holds more than this takes long, and its like for other steps would push it out of the caches. */
const SMALL_PASS = 32e6;

/** Runs to its end or until the signal; every finished probe is kept. */
export async function exploreWhenIdle(session: Session, recipe: Recipe, signal: AbortSignal): Promise<void> {
  const pass = shownPass(session.store.getState());
  if (!pass || pass.bytes < SMALL_PASS) await probeSteps(session, recipe, signal);
  await probeLambdas(session, recipe, signal);
  await probeExperts(session, recipe, signal);
}

async function probeSteps(session: Session, recipe: Recipe, signal: AbortSignal): Promise<void> {
  const { store } = session;
  const key = recipeKey(setAllSteps(recipe, undefined));
  const known = store.getState().stepProbes;
  let points: readonly StepProbe[] = known.key === key ? known.points : [];
  for (const step of commonSteps(session, recipe)) {
    if (points.some((point) => point.step === step)) continue;
    const report = await probe(session, setAllSteps(recipe, step), { ...QUICK, signal });
    const tasks = Object.fromEntries(report.tasks.map((task) => [task.task, task.merged]));
    points = [...points, { step, tasks }].sort((a, b) => a.step - b.step);
    store.getState().patchRuns({ stepProbes: { key, points } });
  }
}

/** Steps that every enabled expert has, ascending. */
function commonSteps({ store }: Session, recipe: Recipe): readonly number[] {
  const experts = recipe.experts.filter((expert) => expert.enabled);
  const [first = [], ...others] = experts.map(
    ({ id }) =>
      store
        .getState()
        .library?.experts.find((card) => card.id === id)
        ?.checkpoints.map((checkpoint) => checkpoint.step) ?? [],
  );
  return first.filter((step) => others.every((steps) => steps.includes(step)));
}

async function probeLambdas(session: Session, recipe: Recipe, signal: AbortSignal): Promise<void> {
  const { store } = session;
  const max = largestLambda(recipe);
  if (max === undefined) return;
  const key = recipeKey(setLambda(recipe, 1));
  const known = store.getState().lambdaProbes;
  let points: readonly LambdaProbe[] = known.key === key ? known.points : [];
  for (const share of LAMBDAS) {
    const lambda = Number((share * max).toFixed(3));
    if (points.some((point) => point.lambda === lambda)) continue;
    const report = await probe(session, setLambda(recipe, lambda), { ...QUICK, signal });
    points = [...points, { lambda, mean: report.mean.merged.value }].sort((a, b) => a.lambda - b.lambda);
    store.getState().patchRuns({ lambdaProbes: { key, points } });
  }
}

async function probeExperts(session: Session, recipe: Recipe, signal: AbortSignal): Promise<void> {
  const { store } = session;
  for (const { id, task, checkpoints } of store.getState().library?.experts ?? []) {
    if (task === undefined) continue;
    for (const { step } of checkpoints) {
      const { trajectories, patchRuns } = store.getState();
      if (trajectories[id]?.own[step]) continue;
      const report = await probe(session, expertRecipe(recipe, id, step), {
        ...QUICK,
        signal,
        tasks: [task],
      });
      const own = report.tasks[0]?.merged;
      if (own)
        patchRuns({
          trajectories: { ...trajectories, [id]: { own: { ...trajectories[id]?.own, [step]: own } } },
        });
    }
  }
}
