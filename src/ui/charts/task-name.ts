import { type AppState, useApp } from "#app/store.ts";
import { taskColour, taskIndex } from "../controls/TaskMark.tsx";

/** The name, place and colour of a task; an unknown one is called by its id. */
export function useTaskName(task: string | undefined) {
  const name = useApp((state) => nameOf(state, task));
  const index = useApp((state) => taskIndex(state, task ?? ""));
  return { name, index, colour: taskColour(index) };
}

function nameOf(state: AppState, task: string | undefined): string {
  return state.library?.tasks.find((card) => card.id === task)?.label ?? task ?? "";
}

/** Names of several tasks at once, for sentences and tables. */
export function useTaskNames(): (task: string) => string {
  const tasks = useApp((state) => state.library?.tasks);
  return (task) => isolated(tasks?.find((card) => card.id === task)?.label ?? task);
}

/** A name written from right to left, closed off so that it does not turn the sentence around it. */
function isolated(name: string): string {
  return RIGHT_TO_LEFT.test(name) ? `\u2068${name}\u2069` : name;
}

/** Hebrew, Arabic, Syriac, Thaana, N'Ko and their presentation forms. */
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;
