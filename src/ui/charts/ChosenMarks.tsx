import { useApp } from "#app/store.ts";
import { taskIndex } from "../controls/TaskMark.tsx";
import { TaskShape } from "./TaskShape.tsx";

const GAP = 13;

interface ChosenMarksProps {
  readonly tasks: readonly string[];
  readonly x: number;
  readonly y: number;
}

/** The shapes of the experts that stop here, side by side above their line. */
export function ChosenMarks({ tasks, x, y }: ChosenMarksProps) {
  const left = x - ((tasks.length - 1) * GAP) / 2;
  return tasks.map((task, i) => <Mark key={task} task={task} x={left + i * GAP} y={y} />);
}

function Mark({ task, x, y }: { readonly task: string; readonly x: number; readonly y: number }) {
  const index = useApp((state) => taskIndex(state, task));
  return <TaskShape index={index} x={x} y={y} />;
}
