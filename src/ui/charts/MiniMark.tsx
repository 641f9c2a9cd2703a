import { taskShape } from "../controls/TaskMark.tsx";

interface MiniMarkProps {
  /** Index of a task's shape. */
  readonly shape: number;
  readonly colour: string;
  /** Quick numbers. */
  readonly isHollow: boolean;
  /** Its centre. */
  readonly x: number;
  readonly y: number;
}

const SCALE = 0.6;

/** A small mark on a curve. */
export function MiniMark({ shape, colour, isHollow, x, y }: MiniMarkProps) {
  const fill = isHollow ? "var(--surface)" : colour;
  return (
    <path
      d={taskShape(shape)}
      fill={fill}
      stroke={colour}
      strokeWidth={isHollow ? 2 : 0.5}
      transform={`translate(${x - 6 * SCALE} ${y - 6 * SCALE}) scale(${SCALE})`}
    />
  );
}
