import type { ButtonHTMLAttributes, ReactNode, Ref } from "react";
import styles from "./controls.module.css";
import { Tip } from "./Tip.tsx";

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  /** "primary": the one thing a dialog is for. "quiet": no frame until pointed at. */
  readonly look?: "plain" | "primary" | "quiet" | "danger";
  readonly icon?: ReactNode;
  readonly ref?: Ref<HTMLButtonElement>;
}

/** A verb with its object. */
export function Button({ look = "plain", icon, className, children, ...rest }: ButtonProps) {
  return (
    <button type="button" className={join(styles.button, styles[look], className)} {...rest}>
      {icon}
      {children}
    </button>
  );
}

interface IconButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, "children"> {
  /** Accessible name and tooltip. */
  readonly label: string;
  /** Keys, shown in the tooltip. */
  readonly keys?: string | undefined;
  readonly icon: ReactNode;
  readonly ref?: Ref<HTMLButtonElement>;
}

/** A picture of a verb, with its name on hover and focus. */
export function IconButton({ label, keys, icon, className, ...rest }: IconButtonProps) {
  return (
    <Tip
      text={
        <>
          {label}
          {keys ? <kbd className={styles.keys}>{keys}</kbd> : null}
        </>
      }
    >
      <button type="button" aria-label={label} className={join(styles.icon, className)} {...rest}>
        {icon}
      </button>
    </Tip>
  );
}

/** Class names in one string; undefined ones are left out. */
export function join(...names: readonly (string | false | undefined)[]): string {
  return names.filter(Boolean).join(" ");
}
