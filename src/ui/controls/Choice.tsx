import { Select } from "@base-ui/react/select";
import { Check, ChevronsUpDown } from "lucide-react";
import { useId } from "react";
import { join } from "./Button.tsx";
import styles from "./controls.module.css";
import { Field } from "./Field.tsx";
import overlays from "./overlays.module.css";

interface Option {
  readonly value: string;
  readonly label: string;
}

interface ChoiceProps {
  readonly label: string;
  readonly help?: string | undefined;
  readonly options: readonly Option[];
  readonly value: string;
  readonly disabled?: boolean | undefined;
  readonly className?: string | undefined;
  onChange(value: string): void;
}

/** Options whose words fit beside each other are all shown; more of them go into a list. */
const SEGMENTS = 3;
const SEGMENT_LETTERS = 30;
/** Where the scripts of East Asia begin. */
const FIRST_FULL_WIDTH = "\u2e80";

/** One of a few. */
export function Choice({ label, help, options, value, disabled, className, onChange }: ChoiceProps) {
  const id = useId();
  const letters = options.reduce((sum, option) => sum + lettersOf(option.label), 0);
  const isShort = options.length <= SEGMENTS && letters <= SEGMENT_LETTERS;
  const shared = { id, options, value, disabled, onChange };
  return (
    <Field
      label={label}
      labelId={`${id}-label`}
      help={help}
      helpId={`${id}-help`}
      className={join(styles.wide, className)}
    >
      {isShort ? <Segments {...shared} /> : <Options {...shared} />}
    </Field>
  );
}

/** Letters of a text; full-width ones take the room of two. */
function lettersOf(text: string): number {
  return [...text].reduce((sum, letter) => sum + (letter >= FIRST_FULL_WIDTH ? 2 : 1), 0);
}

type Shared = Omit<ChoiceProps, "label" | "help" | "className"> & { readonly id: string };

function Segments({ id, options, value, disabled, onChange }: Shared) {
  return (
    <div role="radiogroup" aria-labelledby={`${id}-label`} className={styles.segments}>
      {options.map((option) => (
        <label key={option.value} className={styles.segment}>
          <input
            type="radio"
            name={id}
            className="visually-hidden"
            checked={option.value === value}
            disabled={disabled}
            onChange={() => onChange(option.value)}
          />
          {option.label}
        </label>
      ))}
    </div>
  );
}

function Options({ id, options, value, disabled, onChange }: Shared) {
  return (
    <Select.Root
      items={options}
      value={value}
      disabled={disabled ?? false}
      onValueChange={(next) => next !== null && onChange(next)}
    >
      <Select.Trigger aria-labelledby={`${id}-label`} className={join(styles.button, styles.select)}>
        <Select.Value />
        <ChevronsUpDown size={14} aria-hidden />
      </Select.Trigger>
      <Select.Portal>
        <Select.Positioner
          sideOffset={4}
          alignItemWithTrigger={false}
          collisionPadding={8}
          className={overlays.positioner}
        >
          <Select.Popup className={overlays.menu}>
            {options.map((option) => (
              <Select.Item key={option.value} value={option.value} className={overlays.item}>
                <span className={overlays.check}>
                  <Select.ItemIndicator>
                    <Check size={14} aria-hidden />
                  </Select.ItemIndicator>
                </span>
                <Select.ItemText>{option.label}</Select.ItemText>
              </Select.Item>
            ))}
          </Select.Popup>
        </Select.Positioner>
      </Select.Portal>
    </Select.Root>
  );
}
