import { useId } from "react";
import { join } from "./Button.tsx";
import styles from "./controls.module.css";
import { Field } from "./Field.tsx";

interface TextFieldProps {
  readonly label: string;
  readonly help?: string | undefined;
  readonly value: string;
  /** What stands for it while it is empty. */
  readonly placeholder?: string | undefined;
  readonly maxLength?: number;
  onChange(value: string): void;
}

/** A short text to type. */
export function TextField({ label, help, value, placeholder, maxLength = 60, onChange }: TextFieldProps) {
  const id = useId();
  return (
    <Field label={label} controlId={id} help={help} helpId={`${id}-help`} className={styles.wide}>
      <input
        id={id}
        type="text"
        autoComplete="off"
        spellCheck={false}
        maxLength={maxLength}
        placeholder={placeholder}
        aria-describedby={help === undefined ? undefined : `${id}-help`}
        className={join(styles.number, styles.text)}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    </Field>
  );
}
