import type { ReactNode } from "react";
import { useApp } from "#app/store.ts";
import { expertIndex } from "../controls/TaskMark.tsx";
import { useWords } from "../words.ts";
import type { ProfileExpert } from "./DropProfileChart.tsx";
import styles from "./drop.module.css";
import { dropWords } from "./drop-words.ts";
import { TaskShape } from "./TaskShape.tsx";

const COLUMN = 100;
const LINE = 18;
/** Meanings besides the experts' names. */
const MEANINGS = 3;

function columnsOf(width: number): number {
  return Math.max(1, Math.floor(width / COLUMN));
}

/** Height of the key below the plot; it depends on the width and the number of experts alone. */
export function keyHeight(experts: number, width: number): number {
  const columns = columnsOf(width);
  return LINE * (Math.ceil(experts / columns) + Math.ceil(MEANINGS / columns)) + 4;
}

interface DropKeyProps {
  readonly experts: readonly ProfileExpert[];
  readonly width: number;
  readonly top: number;
}

/** Names of the lines, and what the marks on them mean; inside the drawing, so that a saved picture has them. */
export function DropKey({ experts, width, top }: DropKeyProps) {
  const words = useWords(dropWords);
  const columns = columnsOf(width);
  const second = top + LINE * Math.ceil(experts.length / columns);
  const meanings: readonly (readonly [string, ReactNode])[] = [
    [words.byHand, <path key="hand" className={styles.byHand} d="M6,-5v10" />],
    [words.exempt, <circle key="exempt" className={styles.exempt} cx={6} cy={0} r={2.25} />],
    [words.kept, <rect key="kept" className={styles.kept} x={0} y={-6} width={12} height={12} />],
  ];
  const at = (i: number, y: number) =>
    `translate(${(i % columns) * COLUMN} ${y + LINE * Math.floor(i / columns)})`;
  return (
    <g>
      {experts.map(({ id, label }, i) => (
        <g key={id} transform={at(i, top)}>
          <ExpertShape expert={id} />
          <text className={styles.key} x={18} y={4}>
            {label}
          </text>
        </g>
      ))}
      {meanings.map(([word, mark], i) => (
        <g key={word} transform={at(i, second)}>
          {mark}
          <text className={styles.key} x={18} y={4}>
            {word}
          </text>
        </g>
      ))}
    </g>
  );
}

function ExpertShape({ expert }: { readonly expert: string }) {
  const index = useApp((state) => expertIndex(state, expert));
  return <TaskShape index={index} x={6} y={0} />;
}
