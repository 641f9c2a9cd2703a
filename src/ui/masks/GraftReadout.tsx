import type { Grafted } from "#app/slices/masks.ts";
import type { Estimate } from "#core/eval/report.ts";
import { TaskMark } from "../controls/TaskMark.tsx";
import { useFormats } from "../format.ts";
import { useWords } from "../words.ts";
import type { Tried } from "./GraftChart.tsx";
import styles from "./masks.module.css";
import { masksWords } from "./masks-words.ts";

/** Every number of the row that is pointed at or chosen. */
export function GraftReadout({ one }: { readonly one: Tried }) {
  const words = useWords(masksWords).graft;
  const format = useFormats();
  const { expert, row, base, region, random, whole, gain, randomGain } = one;
  const estimate = (of: Grafted | undefined): Estimate | undefined =>
    of && { ...of.accuracy, value: of.accuracy.k / of.accuracy.n };
  const entries: readonly (readonly [string, Estimate | undefined, boolean])[] = [
    [words.base, estimate(base), base?.subset === "quick"],
    [words.random, estimate(random), random?.subset === "quick"],
    [words.region, estimate(region), region?.subset === "quick"],
    [words.whole, estimate(whole), whole?.subset === "quick"],
    [words.gain, gain, region?.subset === "quick"],
    [`${words.gain} (${words.random})`, randomGain, random?.subset === "quick"],
  ];
  const hasNoGain = base && whole && !gain;
  return (
    <div className={styles.readout}>
      <p className={styles.readoutTitle}>
        <TaskMark index={expert.index} size={10} />
        <strong>{expert.label}</strong>
        <span>{words.of(row.task.label, format.percent(row.density))}</span>
      </p>
      <dl className={styles.entries}>
        {entries.map(([word, value, isQuick]) => (
          <div key={word}>
            <dt>{word}</dt>
            <dd className={isQuick ? styles.quick : styles.value}>
              {value ? `${isQuick ? "~" : ""}${format.percent(value.value)}` : "–"}
            </dd>
            <dd>{value ? `${format.interval(value)}, ${format.n(value.n)}` : "\u00a0"}</dd>
          </div>
        ))}
      </dl>
      <p className={styles.fine}>{hasNoGain ? words.noGain : words.gainHelp}</p>
    </div>
  );
}
