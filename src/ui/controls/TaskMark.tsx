import type { AppState } from "#app/store.ts";

/** Outlines of the six task shapes in a 12 × 12 box: ● ■ ▲ ◆ ▼ ★, of about one area. */
const shapes = [
  "M6 1.2a4.8 4.8 0 1 1 0 9.6a4.8 4.8 0 1 1 0-9.6z",
  "M1.8 1.8h8.4v8.4h-8.4z",
  "M6 .9l5.4 9.7h-10.8z",
  "M6 .3l5.7 5.7l-5.7 5.7l-5.7-5.7z",
  "M6 11.1l-5.4-9.7h10.8z",
  "M6 .2l1.75 3.75l4.05.5l-3 2.8l.8 4.05l-3.6-2l-3.6 2l.8-4.05l-3-2.8l4.05-.5z",
] as const;

/** Colour of a task, for charts; the same index gives the shape. */
export function taskColour(index: number): string {
  return `var(--task-${index % shapes.length})`;
}

/** Outline of a task's shape in a 12 × 12 box, centred at (6, 6). */
export function taskShape(index: number): string {
  return shapes[index % shapes.length] ?? shapes[0];
}

/** Position of a task in the library, which decides its colour and shape; after the tasks for one that is not there. */
export function taskIndex(state: AppState, task: string): number {
  const tasks = state.library?.tasks ?? [];
  const index = tasks.findIndex((card) => card.id === task);
  return index < 0 ? tasks.length : index;
}

/** Position that decides an expert's colour and shape: its task's; experts without a task follow the tasks. */
export function expertIndex(state: Pick<AppState, "library">, expert: string): number {
  const { tasks = [], experts = [] } = state.library ?? {};
  const card = experts.find((candidate) => candidate.id === expert);
  const task = tasks.findIndex(({ id }) => id === card?.task);
  if (task >= 0) return task;
  const others = experts.filter((candidate) => !tasks.some(({ id }) => id === candidate.task));
  return (
    tasks.length +
    Math.max(
      0,
      others.findIndex(({ id }) => id === expert),
    )
  );
}

interface TaskMarkProps {
  readonly index: number;
  /** Pixels; default 12. */
  readonly size?: number;
  /** Hollow marks are quick numbers, or ghosts. */
  readonly hollow?: boolean;
  /** Only where no word stands beside it. */
  readonly label?: string;
}

/** The shape of a task in its colour: the same in every card and chart. */
export function TaskMark({ index, size = 12, hollow = false, label }: TaskMarkProps) {
  const paint = hollow
    ? { fill: "var(--surface)", stroke: taskColour(index), strokeWidth: 1.5 }
    : { fill: taskColour(index) };
  const shape = <path d={taskShape(index)} {...paint} />;
  const box = { viewBox: "0 0 12 12", width: size, height: size, overflow: "visible" };
  return label === undefined ? (
    <svg {...box} aria-hidden="true">
      {shape}
    </svg>
  ) : (
    <svg {...box} role="img" aria-label={label}>
      {shape}
    </svg>
  );
}
