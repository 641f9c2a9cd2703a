import { Tooltip } from "@base-ui/react/tooltip";
import type { ReactElement, ReactNode } from "react";
import styles from "./overlays.module.css";

interface TipProps {
  /** The words; an accessible name or description is the child's own affair. */
  readonly text: ReactNode;
  readonly side?: "top" | "bottom" | "left" | "right";
  /** One element that takes a ref and pointer handlers. */
  readonly children: ReactElement<Record<string, unknown>>;
}

/** Words that appear on hover and on keyboard focus. */
export function Tip({ text, side = "bottom", children }: TipProps) {
  return (
    <Tooltip.Root>
      <Tooltip.Trigger render={children} />
      <Tooltip.Portal>
        <Tooltip.Positioner side={side} sideOffset={6} collisionPadding={8} className={styles.positioner}>
          <Tooltip.Popup className={styles.tip}>{text}</Tooltip.Popup>
        </Tooltip.Positioner>
      </Tooltip.Portal>
    </Tooltip.Root>
  );
}
