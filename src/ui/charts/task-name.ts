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
  return (task) => tasks?.find((card) => card.id === task)?.label ?? task;
}
