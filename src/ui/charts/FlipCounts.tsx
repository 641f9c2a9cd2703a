import type { PairedComparison } from "#core/eval/report.ts";
import { TaskMark } from "../controls/TaskMark.tsx";
import { useFormats } from "../format.ts";
import { useWords } from "../words.ts";
import { flipWords } from "./flip-words.ts";
import styles from "./flips.module.css";
import { useTaskName } from "./task-name.ts";

/** Won and lost per task with the exact test of each. */
export function FlipCounts({ tasks }: { readonly tasks: readonly PairedComparison[] }) {
  const { table, counts } = useWords(flipWords);
  if (tasks.length === 0) return null;
  return (
    <table className={styles.counts}>
      <caption className="visually-hidden">{counts}</caption>
      <thead>
        <tr>
          {[table.task, table.won, table.lost, table.n, table.p].map((column) => (
            <th key={column} scope="col">
              {column}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {tasks.map((task) => (
          <Row key={task.task} of={task} />
        ))}
      </tbody>
    </table>
  );
}

function Row({ of: { task, won, lost, n, p } }: { readonly of: PairedComparison }) {
  const format = useFormats();
  const { name, index } = useTaskName(task);
  return (
    <tr>
      <th scope="row">
        <span className={styles.task}>
          <TaskMark index={index} size={10} />
          {name}
        </span>
      </th>
      <td>{format.count(won)}</td>
      <td>{format.count(lost)}</td>
      <td>{format.count(n)}</td>
      <td>{p < 0.001 ? "< 0.001" : format.at(0.001, p)}</td>
    </tr>
  );
}
