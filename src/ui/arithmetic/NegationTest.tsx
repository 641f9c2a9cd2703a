import type { LibraryCard } from "#core/summary.ts";
import { TaskMark } from "../controls/TaskMark.tsx";
import { useFormats } from "../format.ts";
import { useWords } from "../words.ts";
import styles from "./arithmetic.module.css";
import { arithmeticWords } from "./arithmetic-words.ts";
import { EstimateCell } from "./EstimateCell.tsx";
import { estimateOf } from "./measured.ts";
import type { Negation } from "./NegationChart.tsx";

interface NegationTestProps {
  readonly negation: Negation;
  readonly library: LibraryCard;
}

/** The one look at the test split: base and negated model, task by task. */
export function NegationTest({ negation, library }: NegationTestProps) {
  const words = useWords(arithmeticWords);
  const format = useFormats();
  const test = negation.result?.test;
  if (!test) return null;
  const { base, negated } = test;
  const rows = [base, negated].map(({ target, controls }) => [target, ...controls]);
  const [before = [], after = []] = rows;
  return (
    <div className={styles.test}>
      <p>{words.test}</p>
      <div className={styles.scroller}>
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">{words.alpha(format.number(negated.alpha))}</th>
              <th scope="col">{words.negation.base}</th>
              <th scope="col">{words.negation.negated}</th>
            </tr>
          </thead>
          <tbody>
            {before.map(({ task, accuracy }, t) => {
              const now = after[t]?.accuracy;
              const index = library.tasks.findIndex(({ id }) => id === task);
              const name = library.tasks[index]?.label ?? task;
              return (
                <tr key={task}>
                  <th scope="row">
                    <span className={styles.task}>
                      <TaskMark index={Math.max(0, index)} size={9} />
                      {t === 0 ? words.negation.accuracyOf(name) : name}
                    </span>
                  </th>
                  <EstimateCell estimate={estimateOf(accuracy)} />
                  <EstimateCell estimate={now && estimateOf(now)} />
                </tr>
              );
            })}
            <tr>
              <th scope="row">{words.negation.kept}</th>
              <td />
              <EstimateCell estimate={negated.estimate} />
            </tr>
          </tbody>
        </table>
      </div>
    </div>
  );
}
