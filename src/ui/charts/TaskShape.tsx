import { taskColour, taskShape } from "../controls/TaskMark.tsx";

interface TaskShapeProps {
  readonly index: number;
  /** Its centre. */
  readonly x: number;
  readonly y: number;
}

/** A task's mark inside a chart's drawing. */
export function TaskShape({ index, x, y }: TaskShapeProps) {
  return <path d={taskShape(index)} fill={taskColour(index)} transform={`translate(${x - 6} ${y - 6})`} />;
}
