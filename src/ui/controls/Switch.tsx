import { useId } from "react";
import styles from "./controls.module.css";
import { Field } from "./Field.tsx";

interface SwitchProps {
  readonly label: string;
  readonly help?: string | undefined;
  readonly checked: boolean;
  readonly disabled?: boolean | undefined;
  /** True: only the switch is drawn, the label is read out. */
  readonly bare?: boolean | undefined;
  onChange(checked: boolean): void;
}

/** On or off. */
export function Switch({ label, help, checked, disabled, bare, onChange }: SwitchProps) {
  const id = useId();
  const input = (
    <input
      id={id}
      type="checkbox"
      role="switch"
      className={styles.switch}
      checked={checked}
      aria-checked={checked}
      disabled={disabled}
      aria-label={bare ? label : undefined}
      aria-describedby={!bare && help !== undefined ? `${id}-help` : undefined}
      onChange={(event) => onChange(event.currentTarget.checked)}
    />
  );
  if (bare) return input;
  return (
    <Field label={label} controlId={id} help={help} helpId={`${id}-help`} className={styles.short}>
      {input}
    </Field>
  );
}
