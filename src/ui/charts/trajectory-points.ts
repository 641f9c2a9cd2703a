/** Accuracy over stop steps: each expert alone, and the recipe with all experts at that step. */
import type { StepProbe, Trajectory } from "#app/slices/runs.ts";
import type { Estimate, Proportion } from "#core/eval/report.ts";
import type { Recipe } from "#core/recipe/schema.ts";
import type { ExpertCard } from "#core/summary.ts";
import { estimateOf, meanOf } from "./pool.ts";

export interface StepPoint {
  readonly step: number;
  /** The expert alone, or the mean of all experts, each on its own task. */
  readonly own: Estimate | undefined;
  readonly merged: Estimate | undefined;
}

/** An expert with the task it is measured on. */
export interface TaskExpert {
  readonly id: string;
  readonly task: string;
}

/** The first expert of each task: the one whose accuracy stands for the task. */
export function taskExperts(experts: readonly ExpertCard[]): readonly TaskExpert[] {
  const seen = new Map<string, TaskExpert>();
  for (const { id, task } of experts) if (task !== undefined && !seen.has(task)) seen.set(task, { id, task });
  return [...seen.values()];
}

/** Returns one point per step that has any number, ascending. A mean needs every task's number. */
export function stepPoints(
  experts: readonly TaskExpert[],
  trajectories: Readonly<Record<string, Trajectory>>,
  probes: readonly StepProbe[],
): readonly StepPoint[] {
  const steps = new Set(probes.map(({ step }) => step));
  for (const { id } of experts)
    for (const step of Object.keys(trajectories[id]?.own ?? {})) steps.add(Number(step));
  return [...steps]
    .sort((a, b) => a - b)
    .map((step) => {
      const probe = probes.find((one) => one.step === step);
      return {
        step,
        own: joint(experts.map(({ id }) => trajectories[id]?.own[step])),
        merged: joint(experts.map(({ task }) => probe?.tasks[task])),
      };
    })
    .filter(({ own, merged }) => own || merged);
}

function joint(proportions: readonly (Proportion | undefined)[]): Estimate | undefined {
  const [first, ...others] = proportions;
  if (!first) return undefined;
  if (others.length === 0) return estimateOf(first);
  const known = proportions.filter((one) => one !== undefined);
  return known.length === proportions.length ? meanOf(known) : undefined;
}

export interface ChosenStep {
  readonly step: number;
  /** Whose checkpoint it is. */
  readonly tasks: readonly string[];
}

/** Returns the stop steps that the recipe uses for these experts, ascending, with the tasks that stop there. */
export function chosenSteps(
  recipe: Recipe,
  cards: readonly ExpertCard[],
  experts: readonly TaskExpert[],
): readonly ChosenStep[] {
  const byStep = new Map<number, string[]>();
  for (const { id, task } of experts) {
    const use = recipe.experts.find((one) => one.id === id && one.enabled);
    const step = use && (use.step ?? cards.find((card) => card.id === id)?.checkpoints.at(-1)?.step);
    if (step !== undefined) byStep.set(step, [...(byStep.get(step) ?? []), task]);
  }
  return [...byStep].map(([step, tasks]) => ({ step, tasks })).sort((a, b) => a.step - b.step);
}
