import type { ButtonHTMLAttributes, ReactNode, Ref } from "react";
import { useApp } from "#app/store.ts";
import { join } from "../controls/Button.tsx";
import styles from "./chip.module.css";

/** Id of the region that shows what the open chip holds. */
export const CHIP_CARD_ID = "open-chip";

interface ChipProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  /** Its name in `openChip`. */
  readonly id: string;
  readonly isOff?: boolean;
  readonly icon?: ReactNode;
  readonly ref?: Ref<HTMLButtonElement>;
}

/** A word of the sentence; opening it shows its controls below. */
export function Chip({ id, isOff = false, icon, className, children, ...rest }: ChipProps) {
  const isOpen = useApp((state) => (state.openChip ?? "method") === id);
  const patchView = useApp((state) => state.patchView);
  return (
    <button
      type="button"
      aria-expanded={isOpen}
      aria-controls={CHIP_CARD_ID}
      className={join(styles.chip, isOff && styles.off, className)}
      data-chip={id}
      onClick={() => patchView({ openChip: id })}
      {...rest}
    >
      {icon}
      {children}
    </button>
  );
}
