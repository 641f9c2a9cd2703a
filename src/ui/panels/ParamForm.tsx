import type { ControlSpec } from "#core/params.ts";
import type { Params } from "#core/recipe/schema.ts";
import { Control } from "../controls/Control.tsx";
import { useWords } from "../words.ts";
import styles from "./recipe.module.css";
import { recipeWords } from "./recipe-words.ts";

interface ParamFormProps {
  readonly controls: readonly ControlSpec[];
  readonly params: Params;
  readonly disabled?: boolean;
  onChange(key: string, value: Params[string]): void;
}

/** The controls of a card; the rarer ones fold away. */
export function ParamForm({ controls, params, disabled = false, onChange }: ParamFormProps) {
  const text = useWords(recipeWords);
  const common = controls.filter((spec) => !spec.advanced);
  const rare = controls.filter((spec) => spec.advanced);
  const draw = (spec: ControlSpec) => (
    <Control
      key={spec.key}
      spec={spec}
      value={params[spec.key]}
      disabled={disabled}
      onChange={(value) => onChange(spec.key, value)}
    />
  );
  return (
    <div className={styles.form}>
      {controls.length === 0 ? <p className="muted">{text.noParams}</p> : common.map(draw)}
      {rare.length === 0 ? null : (
        <details className={styles.more}>
          <summary>{text.more}</summary>
          <div className={styles.form}>{rare.map(draw)}</div>
        </details>
      )}
    </div>
  );
}
