import { useId } from "react";
import { useWords } from "../words.ts";
import { dialogWords } from "./dialog-words.ts";
import styles from "./save-dialog.module.css";

export type SaveFormat = "safetensors" | "onnx";

const formats: readonly SaveFormat[] = ["safetensors", "onnx"];

interface FormatChoiceProps {
  readonly value: SaveFormat;
  onChange(value: SaveFormat): void;
}

/** The two formats with what each is for. */
export function FormatChoice({ value, onChange }: FormatChoiceProps) {
  const text = useWords(dialogWords).save;
  const name = useId();
  return (
    <fieldset className={styles.formats}>
      <legend className="visually-hidden">{text.format}</legend>
      {formats.map((format) => (
        <label key={format} className={styles.format}>
          <input type="radio" name={name} checked={format === value} onChange={() => onChange(format)} />
          <span>
            <b>{text.formats[format].label}</b>
            <span className={styles.formatNote}>{text.formats[format].note}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}
