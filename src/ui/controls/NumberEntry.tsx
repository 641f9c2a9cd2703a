import { type KeyboardEvent, useState } from "react";
import { parseNumber, useFormats } from "../format.ts";
import { join } from "./Button.tsx";
import styles from "./controls.module.css";
import { type Range, snap, valueOfKey } from "./range-gesture.ts";

interface NumberEntryProps extends Range {
  readonly value: number;
  onChange(value: number): void;
  /** One of the two names it. */
  readonly label?: string | undefined;
  readonly labelledBy?: string | undefined;
  readonly id?: string | undefined;
  readonly describedBy?: string | undefined;
  readonly disabled?: boolean | undefined;
  readonly className?: string | undefined;
}

/** A number to type. Enter or leaving takes it, Escape gives the old one back, arrows step; it never leaves its range. */
export function NumberEntry(props: NumberEntryProps) {
  const { value, onChange, label, labelledBy, id, describedBy, disabled, className, ...range } = props;
  const format = useFormats();
  const [draft, setDraft] = useState<string>();
  const finest = range.step / 10;
  const isOnStep = Math.abs(snap(value, range, range.step) - value) < 1e-9;

  const commit = () => {
    const typed = draft === undefined ? undefined : parseNumber(draft);
    setDraft(undefined);
    if (typed === undefined) return;
    const next = snap(typed, range, Math.min(finest, 1e-6) || 1e-6);
    const whole = Number.isInteger(range.step) && Number.isInteger(range.min) ? Math.round(next) : next;
    if (whole !== value) onChange(whole);
  };

  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.key === "Enter") commit();
    else if (event.key === "Escape" && draft !== undefined) {
      event.stopPropagation();
      setDraft(undefined);
    } else if (event.key === "ArrowUp" || event.key === "ArrowDown") {
      const next = valueOfKey(event, value, range);
      event.preventDefault();
      setDraft(undefined);
      if (next !== undefined && next !== value) onChange(next);
    }
  };

  return (
    <input
      type="text"
      inputMode="decimal"
      autoComplete="off"
      id={id}
      aria-label={label}
      aria-labelledby={labelledBy}
      aria-describedby={describedBy}
      disabled={disabled}
      data-resting={draft === undefined ? "" : undefined}
      className={join(styles.number, className)}
      value={draft ?? format.at(isOnStep ? range.step : finest, value)}
      onChange={(event) => setDraft(event.currentTarget.value)}
      onFocus={(event) => event.currentTarget.select()}
      onBlur={commit}
      onKeyDown={onKeyDown}
    />
  );
}
