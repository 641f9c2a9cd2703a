import type { Estimate, HardOptions } from "#core/eval/report.ts";
import { useFormats } from "../format.ts";
import { useWords } from "../words.ts";
import styles from "./hard.module.css";
import type { HardNumbers } from "./hard-numbers.ts";
import { hardWords } from "./hard-words.ts";

interface HardStripProps {
  readonly numbers: HardNumbers;
  readonly options: HardOptions;
  readonly colour: string;
  readonly isHollow: boolean;
}

/** Retention of the hard examples and of the easier half, each on a 0…1 line with its interval. */
export function HardStrip({ numbers, options, colour, isHollow }: HardStripProps) {
  const words = useWords(hardWords);
  const format = useFormats();
  const hardName =
    options.kind === "el2n"
      ? words.hard.el2n(`${format.number(100 * options.fraction)}\u202f%`)
      : words.hard.late(format.count(options.lateStep));
  return (
    <dl className={styles.strip}>
      <Line name={hardName} estimate={numbers.hard} colour={colour} isHollow={isHollow} />
      <Line name={words.easy} estimate={numbers.easy} colour={colour} isHollow={isHollow} />
    </dl>
  );
}

interface LineProps {
  readonly name: string;
  readonly estimate: Estimate | undefined;
  readonly colour: string;
  readonly isHollow: boolean;
}

function Line({ name, estimate, colour, isHollow }: LineProps) {
  const words = useWords(hardWords);
  const format = useFormats();
  const at = (share: number) => `${100 * share}%`;
  return (
    <div className={styles.line}>
      <dt>{name}</dt>
      <dd className={styles.track}>
        {estimate ? (
          <svg width="100%" height="16" overflow="visible" aria-hidden="true">
            <line className={styles.rail} x1="0" x2="100%" y1="8" y2="8" />
            <line
              className={styles.range}
              x1={at(estimate.low)}
              x2={at(estimate.high)}
              y1="8"
              y2="8"
              stroke={colour}
            />
            <circle
              cx={at(estimate.value)}
              cy="8"
              r="5"
              fill={isHollow ? "var(--surface)" : colour}
              stroke={colour}
              strokeWidth="2"
            />
          </svg>
        ) : null}
      </dd>
      <dd className={isHollow ? styles.hollow : styles.value}>
        {estimate ? `${isHollow ? "~" : ""}${format.percent(estimate.value)}` : "–"}
      </dd>
      <dd className={styles.interval}>
        {estimate ? `${format.interval(estimate)}, ${format.n(estimate.n)}` : words.waiting}
      </dd>
    </div>
  );
}
