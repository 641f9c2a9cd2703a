import { commands } from "#app/commands.ts";
import type { Lens } from "#app/slices/exchange.ts";
import { useApp } from "#app/store.ts";
import { type Reading, readingsOf } from "#core/semantics.ts";
import { Button } from "../controls/Button.tsx";
import { Modal } from "../controls/Modal.tsx";
import { TaskMark } from "../controls/TaskMark.tsx";
import { useFormats } from "../format.ts";
import { useWords } from "../words.ts";
import exchange from "./exchange.module.css";
import styles from "./lens.module.css";
import { lensWords } from "./lens-words.ts";
import { ReadingRow } from "./ReadingRow.tsx";

const ask = (what: "measureReadings" | "stopReadings") => commands().exchange((flows) => flows[what]());

/** The recipe as papers and other programs understand it, with what moves. */
export function SemanticsDialog() {
  const text = useWords(lensWords);
  const recipe = useApp((state) => state.recipe);
  const lens = useApp((state) => (state.lens?.recipeKey === state.recipeKey ? state.lens : undefined));
  const patchView = useApp((state) => state.patchView);
  const readings = recipe ? readingsOf(recipe).toSorted((a, b) => Number(b.isOwn) - Number(a.isOwn)) : [];
  const close = () => {
    ask("stopReadings");
    patchView({ dialog: undefined });
  };
  return (
    <Modal open onClose={close} title={text.title} description={text.description} look="wide">
      {readings.length === 0 ? (
        <p>{text.none}</p>
      ) : (
        <>
          <Readings readings={readings} lens={lens} />
          <Progress lens={lens} />
          <Sources readings={readings} />
        </>
      )}
    </Modal>
  );
}

interface ReadingsProps {
  readonly readings: readonly Reading[];
  readonly lens: Lens | undefined;
}

function Readings({ readings, lens }: ReadingsProps) {
  const text = useWords(lensWords);
  const tasks = useApp((state) => state.library?.tasks) ?? [];
  return (
    // Wider than the dialog at times: scrolled by keyboard too.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region is reached by Tab
    <section className={exchange.scroller} aria-label={text.title} tabIndex={0}>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">{text.reading}</th>
            <th scope="col">{text.accuracy}</th>
            <th scope="col">{text.difference}</th>
            {tasks.map(({ id, label }, i) => (
              <th key={id} scope="col">
                <span className={styles.task}>
                  <TaskMark index={i} size={10} />
                  {label}
                </span>
              </th>
            ))}
            <th scope="col">{text.tensors}</th>
          </tr>
        </thead>
        <tbody>
          {readings.map((reading) => (
            <ReadingRow
              key={reading.key}
              reading={reading}
              measured={lens?.readings.find(({ key }) => key === reading.key)}
              tasks={tasks.map(({ id }) => id)}
            />
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** The start, how far it has come with the stop, or what the numbers are. */
function Progress({ lens }: Pick<ReadingsProps, "lens">) {
  const text = useWords(lensWords);
  const format = useFormats();
  const isReady = useApp((state) => state.libraryState === "ready");
  const hasTasks = useApp((state) => (state.library?.tasks.length ?? 0) > 0);
  const all = lens?.readings.length ?? 0;
  const done =
    lens?.readings.filter((one) => (hasTasks ? one.mean && (one.isOwn || one.tasks) : one.isOwn || one.moved))
      .length ?? 0;
  const examples = lens?.readings.find(({ mean }) => mean)?.mean?.n;
  return (
    <div className={exchange.actions}>
      {lens?.isRunning ? (
        <Button onClick={() => ask("stopReadings")}>{text.stop}</Button>
      ) : (
        <Button look="primary" disabled={!isReady} onClick={() => ask("measureReadings")}>
          {lens ? text.again : text.measure}
        </Button>
      )}
      <p className={styles.sample} aria-live="polite">
        {lens?.isRunning
          ? text.progress(format.count(done), format.count(all))
          : examples === undefined
            ? text.before
            : text.sample(format.n(examples))}
      </p>
      {lens?.isRunning ? (
        <progress className={styles.progress} value={done} max={all} aria-label={text.measuring} />
      ) : null}
    </div>
  );
}

function Sources({ readings }: Pick<ReadingsProps, "readings">) {
  const text = useWords(lensWords);
  return (
    <details className={exchange.sources}>
      <summary>{text.sources}</summary>
      <dl className={styles.sources}>
        {readings
          .filter(({ dialects }) => dialects.length > 0)
          .map(({ key, dialects, sources }) => (
            <div key={key}>
              <dt>{dialects.map((dialect) => text.dialects[dialect]).join(", ")}</dt>
              <dd>{sources.join(" · ")}</dd>
            </div>
          ))}
      </dl>
    </details>
  );
}
