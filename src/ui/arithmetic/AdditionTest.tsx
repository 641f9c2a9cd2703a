import { useTaskNames } from "../charts/task-name.ts";
import { useFormats } from "../format.ts";
import { useWords } from "../words.ts";
import type { NamedAddition } from "./addition.ts";
import styles from "./arithmetic.module.css";
import { arithmeticWords } from "./arithmetic-words.ts";
import { EstimateCell } from "./EstimateCell.tsx";
import { estimateOf } from "./measured.ts";

/** The sum at the chosen α beside each expert alone, on the test split. */
export function AdditionTest({ measured }: { readonly measured: readonly NamedAddition[] }) {
  return measured.map(({ name, addition }) => <TestTable key={name} name={name} addition={addition} />);
}

function TestTable({ name, addition }: NamedAddition) {
  const words = useWords(arithmeticWords);
  const format = useFormats();
  const taskName = useTaskNames();
  const { result } = addition;
  if (!result) return null;
  const { alpha, test } = result;
  const heads = [words.addition.accuracy, words.addition.expertAccuracy, words.addition.normalised];
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
    <section className={styles.scroller} aria-label={name} tabIndex={0}>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">
              {name}, {words.alpha(format.at(0.05, alpha))}
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
    </section>
  );
}
