import { type CSSProperties, memo, useRef, useState } from "react";
import { useApp } from "#app/store.ts";
import { setTensorDensity } from "#core/recipe/edit-tensors.ts";
import type { TensorCard } from "#core/summary.ts";
import { useRangeGesture, valueOfKey } from "../controls/range-gesture.ts";
import { type Formats, parseNumber } from "../format.ts";
import { siteView, type Why } from "../tensor-sites.ts";
import styles from "./TensorRateCell.module.css";
import { ratePercent, rateText, visiblyRealised } from "./tensor-describe.ts";
import { useTensorText } from "./tensor-text.ts";

interface Props {
  readonly card: TensorCard;
  /** The experts that the cell reads and edits: one, or all of the recipe. */
  readonly experts: readonly string[];
  /** How they are called. */
  readonly expertName: string;
}

/** One percent: what an arrow key moves. */
export const rateRange = { min: 0, max: 1, step: 0.01 };

const glyphs: Readonly<Record<Why, string>> = {
  param: "",
  formula: "ƒ",
  pool: "Σ",
  evidence: "◉",
  rule: "✳",
  hand: "▮",
  exempt: "∅",
  none: "",
  mixed: "≠",
  unknown: "",
};

/** The drop rate of one tensor: what decided it, a number to type and a slim slider. Renders for its own changes only. */
export const TensorRateCell = memo(function TensorRateCell({ card, experts, expertName }: Props) {
  const view = useApp((state) => siteView(state, card, experts));
  const { words, format, edit } = useTensorText();
  const set = (rate: number | undefined) =>
    edit((recipe) =>
      setTensorDensity(recipe, [card.name], experts, rate === undefined ? undefined : 1 - rate),
    );
  const rate = view.rate ?? 0;
  const realised = visiblyRealised(view);
  const onReset = () => set(undefined);
  const slider = {
    ...useRangeGesture({ ...rateRange, value: rate, onChange: set, onReset }, 10),
    "aria-label": words.rateLabel(card.name, expertName),
    "aria-valuetext": rateText(view, format),
  };

  return (
    <span className={styles.cell} data-why={view.why}>
      <Mark why={view.why} label={words.why[view.why]} />
      <RateNumber
        text={rateText(view, format)}
        note={realised === undefined ? undefined : ratePercent(realised, format)}
        rate={rate}
        label={words.typeRate(card.name, expertName)}
        onSet={set}
        format={format}
      />
      <input
        {...slider}
        tabIndex={-1}
        className={styles.range}
        style={place(rate)}
        data-mixed={view.isMixed || undefined}
      />
    </span>
  );
});

function Mark({ why, label }: { why: Why; label: string }) {
  if (glyphs[why] === "") return <span className={styles.mark} data-tip />;
  return (
    <span className={styles.mark} data-tip role="img" aria-label={label}>
      {glyphs[why]}
    </span>
  );
}

interface NumberProps {
  readonly text: string;
  /** What was realised, when it differs. */
  readonly note: string | undefined;
  readonly rate: number;
  readonly label: string;
  readonly format: Formats;
  onSet(rate: number): void;
}

/** Shows the rate; becomes a box to type in on click, Enter or a digit. A box per cell would make scrolling slow. */
function RateNumber({ text, note, rate, label, format, onSet }: NumberProps) {
  const [draft, setDraft] = useState<string>();
  // Enter and Escape close the box and move the focus: the blur that follows must not set the rate again.
  const isOpen = useRef(false);
  const open = () => {
    isOpen.current = true;
    setDraft(format.at(0.1, 100 * rate));
  };

  if (draft === undefined) {
    return (
      <button
        type="button"
        tabIndex={-1}
        className={styles.value}
        data-edit
        data-noted={note === undefined ? undefined : ""}
        data-tip
        aria-label={label}
        onClick={open}
      >
        {text}
        {note === undefined ? null : <span className={styles.note}>{note}</span>}
      </button>
    );
  }
  const close = (takes: boolean) => {
    if (!isOpen.current) return;
    isOpen.current = false;
    setDraft(undefined);
    const typed = takes ? percentOf(draft) : undefined;
    if (typed !== undefined) onSet(typed);
  };
  return (
    <input
      type="text"
      inputMode="decimal"
      autoComplete="off"
      className={styles.entry}
      aria-label={label}
      value={draft}
      ref={selectAll}
      onChange={(event) => setDraft(event.currentTarget.value)}
      onBlur={() => close(true)}
      onKeyDown={(event) => {
        const next = isStep(event.key) ? valueOfKey(event, percentOf(draft) ?? rate, rateRange) : undefined;
        if (next !== undefined) {
          event.preventDefault();
          setDraft(format.at(0.1, 100 * next));
          onSet(next);
        }
        if (event.key !== "Enter" && event.key !== "Escape") return;
        event.stopPropagation();
        close(event.key === "Enter");
        event.currentTarget.closest("td")?.focus({ preventScroll: true });
      }}
    />
  );
}

function isStep(key: string): boolean {
  return key === "ArrowUp" || key === "ArrowDown" || key === "PageUp" || key === "PageDown";
}

/** Reads a typed percentage, with or without its sign, as a rate 0…1. */
function percentOf(text: string): number | undefined {
  const number = parseNumber(text.replace(/[%％]/g, ""));
  return number === undefined ? undefined : Math.min(1, Math.max(0, number / 100));
}

function selectAll(input: HTMLInputElement | null): void {
  input?.focus({ preventScroll: true });
  input?.select();
}

/** Where the thumb is, for the track's filled part. */
function place(rate: number): CSSProperties {
  const style: Record<`--${string}`, number> = { "--at": rate };
  return style;
}
