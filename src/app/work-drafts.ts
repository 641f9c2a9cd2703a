/** The requests that a form of the workbench stands for. */
import { adamergingSpec } from "#core/adamerging/spec.ts";
import { localiseSpec } from "#core/localise/spec.ts";
import type { ExpertId, Recipe } from "#core/recipe/schema.ts";
import { fisherSpec } from "#core/statistics/fisher.ts";
import { gramSpec } from "#core/statistics/gram.ts";
import type { ExpertCard, LibraryCard, TaskCard } from "#core/summary.ts";
import { talosSpec } from "#core/talos/spec.ts";
import { trainSpec } from "#core/train/spec.ts";
import type { WorkCardId } from "#core/work-cards.ts";
import type { TrainRequest, WorkRequest } from "#workers/protocol/optimise.ts";
import { adamergeRequest, stepOf } from "./flow/requests.ts";
import type { WorkDraft } from "./slices/workbench.ts";

/** What the requests of a form go by. */
export interface Bench {
  readonly recipe: Recipe;
  readonly library: LibraryCard;
}

/** None while the form lacks something: a task, experts that take part, a mask. */
export function requestsOf(form: WorkCardId, draft: WorkDraft, bench: Bench): readonly WorkRequest[] {
  const { expert, params } = draft;
  const steps = subjectsOf(bench, expert).map(({ id, task }) => ({
    ...stepOf(bench.recipe, id),
    task,
  }));
  switch (form) {
    case "train":
      return trainRequests(draft, bench);
    case "localise": {
      const spec = localiseSpec.parse(params);
      const include = draft.role === undefined ? {} : { include: { role: draft.role } };
      return steps.map(({ task: _, ...of }) => ({ kind: "localise", ...of, spec, ...include }));
    }
    case "fisher":
      return steps.map(({ task: _, ...of }) => ({ kind: "fisher", ...of, spec: fisherSpec.parse(params) }));
    case "gram":
      return steps.map(({ task: _, ...of }) => ({ kind: "gram", ...of, spec: gramSpec.parse(params) }));
    case "calibrate": {
      const spec = talosSpec.parse(params);
      return steps.map(({ expert: id, task }) => ({ kind: "calibrate", task, expert: id, spec }));
    }
    case "adamerge": {
      const request = adamergeRequest(bench.recipe, adamergingSpec.parse(params), draft.isOfRecipe);
      return subjectsOf(bench, undefined).length === request.experts.length && request.experts.length > 0
        ? [request]
        : [];
    }
    default:
      return form satisfies never;
  }
}

/** The experts that a measurement is about: the chosen one, or all that take part; only those with a task. */
export function subjectsOf(
  { recipe, library }: Bench,
  expert: ExpertId | undefined,
): readonly (ExpertCard & { readonly task: string })[] {
  return recipe.experts
    .filter(({ id, enabled }) => (expert === undefined ? enabled : id === expert))
    .flatMap(({ id }) => {
      const card = library.experts.find((one) => one.id === id);
      return card?.task === undefined ? [] : [{ ...card, task: card.task }];
    });
}

/** The task that a training is for: the chosen one, while it is there, or the first. */
export function taskOf({ task }: WorkDraft, { tasks }: LibraryCard): TaskCard | undefined {
  return tasks.find(({ id }) => id === task) ?? tasks[0];
}

/** A name that no expert has yet: the task's, with the number of its experts. */
export function suggestedLabel({ id, label }: TaskCard, { experts }: LibraryCard): string {
  const taken = new Set(experts.map((expert) => expert.label));
  let number = experts.filter(({ task }) => task === id).length + 1;
  while (taken.has(`${label} ${number}`)) number += 1;
  return `${label} ${number}`;
}

function trainRequests(draft: WorkDraft, { recipe, library }: Bench): readonly TrainRequest[] {
  const task = taskOf(draft, library);
  const spec = trainSpec.parse(draft.params);
  const { expert, mask } = draft;
  const isSparse = spec.mode === "sparse";
  if (!task || (isSparse && mask === undefined)) return [];
  const isKnown = library.experts.some(({ id }) => id === expert);
  return [
    {
      kind: "train",
      task: task.id,
      from: expert !== undefined && isKnown ? stepOf(recipe, expert) : "base",
      spec,
      label: draft.label.trim() || suggestedLabel(task, library),
      ...(isSparse && mask !== undefined ? { mask } : {}),
    },
  ];
}
