import { type CSSProperties, useId } from "react";
import { join } from "./Button.tsx";
import styles from "./controls.module.css";
import { Field } from "./Field.tsx";
import { NumberEntry } from "./NumberEntry.tsx";
import { fractionOf, type Range, useRangeGesture } from "./range-gesture.ts";
import { Tip } from "./Tip.tsx";

/** Something worth seeing on the track; choosing it moves the slider there. */
export interface SliderMark {
  readonly kind: "best" | "pinned";
  readonly value: number;
  /** Its name and tooltip. */
  readonly label: string;
}

interface SliderProps extends Range {
  /** Id of the range input; made up where nobody needs it. */
  readonly id?: string | undefined;
  readonly label: string;
  readonly help?: string | undefined;
  readonly value: number;
  /** Where a double-click goes. */
  readonly initial?: number | undefined;
  readonly marks?: readonly SliderMark[] | undefined;
  readonly disabled?: boolean | undefined;
  readonly className?: string | undefined;
  onChange(value: number): void;
}

/** A number on a track, with a box to type it. */
export function Slider(props: SliderProps) {
  const { label, help, value, initial, marks, disabled, className, onChange, min, max, step } = props;
  const made = useId();
  const id = props.id ?? made;
  const range = { min, max, step };
  const onReset = initial === undefined ? undefined : () => onChange(initial);
  const gesture = useRangeGesture({ ...range, value, onChange, onReset });

  return (
    <Field
      label={label}
      controlId={id}
      labelId={`${id}-label`}
      help={help}
      helpId={`${id}-help`}
      className={className}
    >
      <span className={styles.track} style={place(fractionOf(value, range))}>
        <input
          {...gesture}
          id={id}
          disabled={disabled}
          className={styles.range}
          aria-describedby={help === undefined ? undefined : `${id}-help`}
        />
        {marks?.map((mark) => (
          <Tip key={mark.kind} text={mark.label}>
            <button
              type="button"
              aria-label={mark.label}
              className={join(styles.mark, styles[mark.kind])}
              style={place(fractionOf(mark.value, range))}
              onClick={() => onChange(mark.value)}
            />
          </Tip>
        ))}
      </span>
      <NumberEntry
        {...range}
        value={value}
        onChange={onChange}
        labelledBy={`${id}-label`}
        disabled={disabled}
      />
    </Field>
  );
}

/** Position on the track, 0…1, as a custom property that the style sheet reads. */
function place(fraction: number): CSSProperties {
  const style: Record<`--${string}`, number> = { "--at": fraction };
  return style;
}
