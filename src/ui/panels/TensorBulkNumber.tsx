import { useState } from "react";
import { Button } from "../controls/Button.tsx";
import { NumberEntry } from "../controls/NumberEntry.tsx";
import type { Range } from "../controls/range-gesture.ts";
import styles from "./TensorBulkBar.module.css";

interface Props {
  readonly label: string;
  /** The verb on the button. */
  readonly action: string;
  readonly prefix: string;
  readonly initial: number;
  readonly range: Range;
  readonly disabled: boolean;
  onApply(value: number): void;
}

/** A number and the verb that applies it. */
export function TensorBulkNumber({ label, action, prefix, initial, range, disabled, onApply }: Props) {
  const [value, setValue] = useState<number>();
  return (
    <span className={styles.group}>
      <span aria-hidden>{prefix}</span>
      <NumberEntry
        {...range}
        className={styles.number}
        label={label}
        value={value ?? initial}
        onChange={setValue}
        disabled={disabled}
      />
      <Button disabled={disabled} onClick={() => onApply(value ?? initial)}>
        {action}
      </Button>
    </span>
  );
}
