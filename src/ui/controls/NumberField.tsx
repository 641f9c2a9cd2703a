import { type KeyboardEvent, useId, useState } from "react";
import { parseNumber } from "../format.ts";
import { join } from "./Button.tsx";
import styles from "./controls.module.css";
import { Field } from "./Field.tsx";
import { inRange, plainNumber, stepInSeries } from "./number-series.ts";
import type { Range } from "./range-gesture.ts";

interface NumberFieldProps extends Range {
  readonly label: string;
  readonly help?: string | undefined;
  readonly value: number;
  readonly disabled?: boolean | undefined;
  onChange(value: number): void;
}

/** A number whose range spans powers of ten, to type: a track would have no place for it. Arrows go 1, 2, 5, 10 … */
export function NumberField({ label, help, value, disabled, onChange, ...range }: NumberFieldProps) {
  const id = useId();
  const [draft, setDraft] = useState<string>();
  const commit = () => {
    const typed = draft === undefined ? undefined : parseNumber(draft);
    setDraft(undefined);
    const next = typed === undefined ? value : inRange(typed, range);
    if (next !== value) onChange(next);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.key === "Enter") commit();
    else if (event.key === "Escape" && draft !== undefined) {
      event.stopPropagation();
      setDraft(undefined);
    } else if (event.key === "ArrowUp" || event.key === "ArrowDown") {
      event.preventDefault();
      setDraft(undefined);
      const next = stepInSeries(value, event.key === "ArrowUp" ? 1 : -1, range);
      if (next !== value) onChange(next);
    }
  };
  return (
    <Field label={label} controlId={id} help={help} helpId={`${id}-help`} className={styles.short}>
      <input
        id={id}
        type="text"
        inputMode="decimal"
        autoComplete="off"
        disabled={disabled}
        aria-describedby={help === undefined ? undefined : `${id}-help`}
        className={join(styles.number, styles.roomy)}
        value={draft ?? plainNumber(value)}
        onChange={(event) => setDraft(event.currentTarget.value)}
        onFocus={(event) => event.currentTarget.select()}
        onBlur={commit}
        onKeyDown={onKeyDown}
      />
    </Field>
  );
}
