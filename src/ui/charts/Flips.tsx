import { useApp } from "#app/store.ts";
import type { Flip, PairedComparison } from "#core/eval/report.ts";
import { TaskMark } from "../controls/TaskMark.tsx";
import { useFormats } from "../format.ts";
import { useWords } from "../words.ts";
import { Disclosure } from "./Disclosure.tsx";
import { ExamplePicture } from "./ExamplePicture.tsx";
import { FlipCounts } from "./FlipCounts.tsx";
import { flipWords } from "./flip-words.ts";
import styles from "./flips.module.css";
import { useTaskName } from "./task-name.ts";
import { useStill } from "./use-still.ts";

/** The examples that changed hands against the pinned recipe, or the one before the last edit; hardest first. */
export function Flips() {
  const words = useWords(flipWords);
  const flips = useStill(useApp((state) => state.flips));
  const comparison = useStill(useApp((state) => state.comparison));
  const isOld = useApp((state) => flips?.key !== state.recipeKey);
  const pinnedKey = useApp((state) => state.pinned?.key);
  const against = flips && flips.other === pinnedKey ? words.against.pinned : words.against.before;
  const tasks =
    comparison && comparison.key === flips?.key && comparison.other === flips.other ? comparison.tasks : [];

  return (
    <Disclosure id="flips" title={words.title} note={flips ? against : ""}>
      {flips ? (
        <Changes list={flips.list} tasks={tasks} isOld={isOld} />
      ) : (
        <p className={styles.empty}>{words.empty}</p>
      )}
    </Disclosure>
  );
}

interface ChangesProps {
  readonly list: readonly Flip[];
  readonly tasks: readonly PairedComparison[];
  /** The recipe has been edited since. */
  readonly isOld: boolean;
}

function Changes({ list, tasks, isOld }: ChangesProps) {
  const words = useWords(flipWords);
  const format = useFormats();
  const count = (of: "won" | "lost" | "n") => tasks.reduce((sum, task) => sum + task[of], 0);
  if (list.length === 0) return <p className={styles.empty}>{words.same(format.n(count("n")))}</p>;
  return (
    <div className={styles.changes} data-old={isOld}>
      <Strip kind="won" list={list} total={count("won")} />
      <Strip kind="lost" list={list} total={count("lost")} />
      <FlipCounts tasks={tasks} />
      <p className={styles.note}>{isOld ? words.stale : words.note}</p>
    </div>
  );
}

interface StripProps {
  readonly kind: Flip["kind"];
  readonly list: readonly Flip[];
  /** Won or lost in all; at least those listed. */
  readonly total: number;
}

function Strip({ kind, list, total }: StripProps) {
  const words = useWords(flipWords);
  const format = useFormats();
  const mine = list.filter((flip) => flip.kind === kind);
  const all = Math.max(total, mine.length);
  return (
    <section className={styles.strip}>
      <h4 className={styles.heading}>
        {words[kind](format.count(all))}
        {mine.length > 0 ? (
          <span className={styles.aside}>{words.shown(format.count(mine.length), format.count(all))}</span>
        ) : null}
      </h4>
      {mine.length > 0 ? (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling list must be reachable by keyboard
        <ul className={styles.list} tabIndex={0} aria-label={words[kind](format.count(all))}>
          {mine.map((flip) => (
            <Example key={`${flip.task} ${flip.row}`} flip={flip} />
          ))}
        </ul>
      ) : (
        <p className={styles.empty}>{words.none}</p>
      )}
    </section>
  );
}

function Example({ flip }: { readonly flip: Flip }) {
  const words = useWords(flipWords);
  const { name, index } = useTaskName(flip.task);
  const { label, before, after } = flip;
  const text = words.item(name, label, before, after);
  return (
    <li className={styles.item} title={text}>
      <span className="visually-hidden">{text}</span>
      <ExamplePicture example={flip.example} />
      <span className={styles.label} aria-hidden="true">
        <TaskMark index={index} size={9} />
        <span>{label}</span>
      </span>
      <span className={styles.change} aria-hidden="true">
        {words.change(before, after)}
      </span>
    </li>
  );
}
