import { formulas } from "virtual:formulas";
import styles from "./formula.module.css";

interface FormulaProps {
  /** Id of the method or sparsifier. */
  readonly id: string;
  /** What the formula says, for those who do not see it. */
  readonly label: string;
}

/** The formula of a card as MathML, compiled when the app was built. */
export function Formula({ id, label }: FormulaProps) {
  const markup = formulas[id];
  if (markup === undefined) return null;
  return (
    <div
      role="math"
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: wide formulas scroll, also by keyboard
      tabIndex={0}
      className={styles.formula}
      // biome-ignore lint/security/noDangerouslySetInnerHtml: made at build time from our own TeX
      dangerouslySetInnerHTML={{ __html: markup }}
    />
  );
}
