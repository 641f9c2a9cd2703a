import { commands } from "#app/commands.ts";
import type { MeasuredReading } from "#app/slices/exchange.ts";
import { useApp } from "#app/store.ts";
import { readingsOf } from "#core/semantics.ts";
import { Button } from "../controls/Button.tsx";
import { Modal } from "../controls/Modal.tsx";
import { useFormats } from "../format.ts";
import { useWords } from "../words.ts";
import styles from "./exchange.module.css";
import { exchangeWords } from "./exchange-words.ts";

/** The recipe as papers and other programs understand it, with what moves. */
export function SemanticsDialog() {
  const text = useWords(exchangeWords).lens;
  const recipe = useApp((state) => state.recipe);
  const recipeKey = useApp((state) => state.recipeKey);
  const lens = useApp((state) => state.lens);
  const patchView = useApp((state) => state.patchView);
  const ask = (what: "measureReadings" | "stopReadings") =>
    commands().exchange((exchange) => exchange[what]());
  const hasReadings = recipe !== undefined && readingsOf(recipe).length > 0;
  const isStale = lens !== undefined && lens.recipeKey !== recipeKey;
  return (
    <Modal
      open
      onClose={() => {
        ask("stopReadings");
        patchView({ dialog: undefined });
      }}
      title={text.title}
      description={text.description}
    >
      {hasReadings ? null : <p>{text.none}</p>}
      {lens ? <Readings readings={lens.readings} /> : null}
      {lens ? <p className="muted">{isStale ? text.stale : text.sample}</p> : null}
      {hasReadings ? (
        <div className={styles.actions}>
          {lens?.isRunning ? (
            <Button onClick={() => ask("stopReadings")}>{text.stop}</Button>
          ) : (
            <Button look="primary" onClick={() => ask("measureReadings")}>
              {lens ? text.again : text.measure}
            </Button>
          )}
        </div>
      ) : null}
    </Modal>
  );
}

function Readings({ readings }: { readonly readings: readonly MeasuredReading[] }) {
  const text = useWords(exchangeWords).lens;
  return (
    <>
      <div className={styles.scroller}>
        <table className={styles.table}>
          <thead>
            <tr>
              {[text.reading, text.accuracy, text.tensors, text.tasks].map((head) => (
                <th key={head} scope="col">
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {readings.map((reading) => (
              <ReadingRow key={reading.key} reading={reading} />
            ))}
          </tbody>
        </table>
      </div>
      <details className={styles.sources}>
        <summary>{text.sources}</summary>
        <ul>
          {[...new Set(readings.flatMap(({ sources }) => sources))].map((source) => (
            <li key={source}>{source}</li>
          ))}
        </ul>
      </details>
    </>
  );
}

function ReadingRow({ reading }: { readonly reading: MeasuredReading }) {
  const text = useWords(exchangeWords).lens;
  const format = useFormats();
  const tasks = useApp((state) => state.library?.tasks);
  const { dialects, isOwn, mean, moved, tasks: compared } = reading;
  const names = [...(isOwn ? [text.own] : []), ...dialects.map((dialect) => text.dialects[dialect])];
  const [most] = moved ?? [];
  const labelOf = (id: string) => tasks?.find((task) => task.id === id)?.label ?? id;
  return (
    <tr>
      <th scope="row">{names.join(", ")}</th>
      <td title={mean && format.n(mean.n)}>
        {mean ? `${format.percent(mean.value)} (${format.interval(mean)})` : text.measuring}
      </td>
      <td>
        {isOwn
          ? "–"
          : moved === undefined
            ? text.measuring
            : most
              ? text.moved(moved.length, most.name, format.percent(most.relative))
              : text.same}
      </td>
      <td>
        {isOwn || !compared
          ? isOwn
            ? "–"
            : text.measuring
          : compared.map(({ task, won, lost, p }) => (
              <div key={task}>{text.won(labelOf(task), won, lost, format.number(p))}</div>
            ))}
      </td>
    </tr>
  );
}
