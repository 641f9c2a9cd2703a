import { useId } from "react";
import { useApp } from "#app/store.ts";
import { TaskMark } from "../controls/TaskMark.tsx";
import { useWords } from "../words.ts";
import styles from "./hard.module.css";
import { hardWords } from "./hard-words.ts";

interface TaskChoiceProps {
  /** Undefined: all tasks. */
  readonly value: string | undefined;
  onChange(task: string | undefined): void;
}

/** Which task a chart shows: all of them, or one. */
export function TaskChoice({ value, onChange }: TaskChoiceProps) {
  const words = useWords(hardWords);
  const tasks = useApp((state) => state.library?.tasks);
  const name = useId();
  const options = [{ id: undefined, label: words.all }, ...(tasks ?? [])];
  return (
    <div role="radiogroup" aria-label={words.task} className={styles.tasks}>
      {options.map(({ id, label }, i) => (
        <label key={id ?? ""} className={styles.task}>
          <input
            type="radio"
            name={name}
            className="visually-hidden"
            checked={id === value}
            onChange={() => onChange(id)}
          />
          {id === undefined ? null : <TaskMark index={i - 1} size={10} />}
          {label}
        </label>
      ))}
    </div>
  );
}
