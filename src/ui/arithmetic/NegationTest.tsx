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

/** Base and negated model on the test split, task by task. */
export function NegationTest({ negation, library }: NegationTestProps) {
  const words = useWords(arithmeticWords);
  const format = useFormats();
  const test = negation.result?.test;
  if (!test) return null;
  const { base, negated } = test;
  const rows = [base, negated].map(({ target, controls }) => [target, ...controls]);
  const [before = [], after = []] = rows;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
    <section className={styles.scroller} aria-label={words.test} tabIndex={0}>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">{words.alpha(format.at(0.05, negated.alpha))}</th>
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
    </section>
  );
}
