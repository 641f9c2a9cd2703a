import type { MeasuredReading } from "#app/slices/exchange.ts";
import { useApp } from "#app/store.ts";
import type { PairedComparison } from "#core/eval/report.ts";
import type { Reading } from "#core/semantics.ts";
import { useCards } from "../cards.ts";
import { join } from "../controls/Button.tsx";
import { useFormats } from "../format.ts";
import { holm, pairedMean } from "../verdict.ts";
import { useWords } from "../words.ts";
import styles from "./lens.module.css";
import { lensWords } from "./lens-words.ts";
import { MovedTensors } from "./MovedTensors.tsx";
import { differencesOf } from "./reading-differences.ts";

interface ReadingRowProps {
  readonly reading: Reading;
  /** As far as it has been measured. */
  readonly measured: MeasuredReading | undefined;
  readonly tasks: readonly string[];
}

/** One reading: who reads so, what that changes, and what comes of it. */
export function ReadingRow({ reading, measured, tasks }: ReadingRowProps) {
  const format = useFormats();
  const { isOwn } = reading;
  const { mean, moved, tasks: compared } = measured ?? {};
  return (
    <tr>
      <Name reading={reading} />
      <td>
        {mean ? (
          <>
            {format.percent(mean.value)}
            <span className={styles.interval}>{format.interval(mean)}</span>
          </>
        ) : (
          "–"
        )}
      </td>
      <td>{compared && compared.length > 0 ? <Difference compared={compared} /> : "–"}</td>
      {tasks.map((task) => (
        <td key={task}>
          <TaskCell task={task} compared={compared ?? []} />
        </td>
      ))}
      <td>{isOwn || !moved ? "–" : <MovedTensors moved={moved} />}</td>
    </tr>
  );
}

function Name({ reading: { dialects, isOwn, recipe: read } }: { readonly reading: Reading }) {
  const text = useWords(lensWords);
  const format = useFormats();
  const cards = useCards();
  const recipe = useApp((state) => state.recipe);
  const names = dialects.map((dialect) => text.dialects[dialect]);
  const differences = recipe && !isOwn ? differencesOf(recipe, read, cards) : [];
  return (
    <th scope="row" className={styles.reading}>
      {format.list(isOwn ? [text.own, ...names] : names)}
      {differences.map(({ label, value }) => (
        <span key={label} className={styles.interval}>
          {text.reads(label, value)}
        </span>
      ))}
    </th>
  );
}

/** Mean over tasks against the recipe as it stands, paired, with its interval. */
function Difference({ compared }: { readonly compared: readonly PairedComparison[] }) {
  const format = useFormats();
  const { value, low, high } = pairedMean(compared);
  return (
    <>
      <span className={join((low > 0 || high < 0) && styles.resolved)}>{format.points(value)}</span>
      <span className={styles.interval}>
        {format.points(low)} … {format.points(high)}
      </span>
    </>
  );
}

interface TaskCellProps {
  readonly task: string;
  readonly compared: readonly PairedComparison[];
}

/** One task against the recipe as it stands; heavier where the exact test, corrected for the tasks, resolves it. */
function TaskCell({ task, compared }: TaskCellProps) {
  const text = useWords(lensWords);
  const format = useFormats();
  const found = compared.find((one) => one.task === task);
  if (!found) return "–";
  const { won, lost, n, p } = found;
  const isResolved = holm(compared).includes(found);
  return (
    <span title={text.pair(format.n(n), p < 0.001 ? "< 0.001" : format.at(0.001, p))}>
      <span className={join(isResolved && styles.resolved)}>{format.points((won - lost) / n)}</span>
      <span className={styles.interval}>{text.wonLost(format.count(won), format.count(lost))}</span>
    </span>
  );
}
