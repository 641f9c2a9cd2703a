import { type CSSProperties, useId } from "react";
import { useApp } from "#app/store.ts";
import type { TensorCard } from "#core/summary.ts";
import { NumberEntry } from "../controls/NumberEntry.tsx";
import { useRangeGesture } from "../controls/range-gesture.ts";
import { useFormats } from "../format.ts";
import { type SiteSource, siteView } from "../tensor-sites.ts";
import { useWords } from "../words.ts";
import styles from "./TensorBulkBar.module.css";
import rateStyles from "./TensorRateCell.module.css";
import { rateRange } from "./TensorRateCell.tsx";
import { bulkWords } from "./tensor-bulk-words.ts";
import { tensorWords } from "./tensor-words.ts";

interface Props {
  /** Unlocked tensors. */
  readonly cards: readonly TensorCard[];
  readonly experts: readonly string[];
  onSet(rate: number): void;
}

/** The drop rate of all selected tensors: shows what they have in common, or their mean. */
export function TensorBulkRate({ cards, experts, onSet }: Props) {
  const id = useId();
  const words = useWords(bulkWords);
  const { mixed } = useWords(tensorWords);
  const format = useFormats();
  const mean = useApp((state) => meanRate(state, cards, experts));
  const common = useApp((state) => commonRate(state, cards, experts));
  const rate = mean ?? 0;
  const disabled = cards.length === 0;
  const slider = {
    ...useRangeGesture({ ...rateRange, value: rate, onChange: onSet }, 10),
    "aria-labelledby": id,
    "aria-valuetext": common === undefined ? mixed : `${format.at(0.1, 100 * rate)} %`,
  };
  return (
    <span className={styles.group}>
      <span id={id}>{words.dropRate}</span>
      <input {...slider} disabled={disabled} className={rateStyles.range} style={place(rate)} />
      <NumberEntry
        label={words.dropRatePercent}
        className={styles.number}
        value={100 * rate}
        min={0}
        max={100}
        step={1}
        disabled={disabled}
        onChange={(percent) => onSet(percent / 100)}
      />
      <span aria-hidden>%</span>
    </span>
  );
}

function meanRate(source: SiteSource, cards: readonly TensorCard[], experts: readonly string[]) {
  let sum = 0;
  let n = 0;
  for (const card of cards) {
    const { rate } = siteView(source, card, experts);
    if (rate === undefined) continue;
    sum += rate;
    n++;
  }
  return n === 0 ? undefined : Math.round((sum / n) * 1000) / 1000;
}

/** The rate of every one of them, or undefined where they differ. */
function commonRate(source: SiteSource, cards: readonly TensorCard[], experts: readonly string[]) {
  const [first] = cards;
  const rate = first && siteView(source, first, experts).rate;
  const isCommon = cards.every((card) => {
    const view = siteView(source, card, experts);
    return !view.isMixed && view.rate === rate;
  });
  return isCommon ? rate : undefined;
}

function place(rate: number): CSSProperties {
  const style: Record<`--${string}`, number> = { "--at": rate };
  return style;
}
