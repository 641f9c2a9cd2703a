import type { ExpertSet } from "#app/expert-sets.ts";
import { useApp } from "#app/store.ts";
import { useTaskNames } from "../charts/task-name.ts";
import { useFormats } from "../format.ts";
import { useWords } from "../words.ts";
import { type Addition, nameOf } from "./addition.ts";
import styles from "./arithmetic.module.css";
import { arithmeticWords } from "./arithmetic-words.ts";
import { EstimateCell } from "./EstimateCell.tsx";
import { estimateOf } from "./measured.ts";

/** The one look at the test split: the sum at the chosen α beside each expert alone. */
export function AdditionTest({ sets }: { readonly sets: readonly ExpertSet[] }) {
  const words = useWords(arithmeticWords);
  const own = useApp((state) => state.addition);
  const other = useApp((state) => state.otherAddition);
  const done = [own, other].filter((one): one is Addition => one?.result !== undefined);
  return (
    <div className={styles.test}>
      <p>{words.test}</p>
      {done.map((addition) => (
        <TestTable
          key={addition.experts.join(" ")}
          addition={addition}
          name={nameOf(addition.experts, sets) ?? words.experts}
        />
      ))}
    </div>
  );
}

function TestTable({ addition, name }: { readonly addition: Addition; readonly name: string }) {
  const words = useWords(arithmeticWords);
  const format = useFormats();
  const taskName = useTaskNames();
  const { result } = addition;
  if (!result) return null;
  const { alpha, test } = result;
  const heads = [words.addition.accuracy, words.addition.expertAccuracy, words.addition.normalised];
  return (
    <div className={styles.scroller}>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">
              {name}, {words.alpha(format.number(alpha))}
            </th>
            {heads.map((head) => (
              <th key={head} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {test.tasks.map(({ task, accuracy }, t) => {
            const expert = test.experts[t]?.accuracy;
            const ratio = expert ? accuracy.k / accuracy.n / (expert.k / expert.n) : Number.NaN;
            return (
              <tr key={task}>
                <th scope="row">{taskName(task)}</th>
                <EstimateCell estimate={estimateOf(accuracy)} />
                <EstimateCell estimate={expert && estimateOf(expert)} />
                <td>{format.percent(ratio)}</td>
              </tr>
            );
          })}
          <tr>
            <th scope="row">{words.addition.all}</th>
            <EstimateCell estimate={test.accuracyEstimate} />
            <td />
            <EstimateCell estimate={test.estimate} />
          </tr>
        </tbody>
      </table>
    </div>
  );
}
