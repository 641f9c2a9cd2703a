import { Popover } from "@base-ui/react/popover";
import { lazy, type ReactElement, Suspense, useState } from "react";
import styles from "./overlays.module.css";

export interface PickerItem {
  readonly id: string;
  readonly label: string;
  /** One sentence, beside the label. */
  readonly note: string;
  /** Words that find it though they are not shown. */
  readonly keywords: string;
}

export interface PickerGroup {
  readonly id: string;
  readonly title: string;
  readonly items: readonly PickerItem[];
}

export interface PickerProps {
  /** What is chosen here. */
  readonly label: string;
  readonly placeholder: string;
  /** Said when nothing fits what was typed. */
  readonly empty: string;
  readonly groups: readonly PickerGroup[];
  readonly chosen: string;
  onChoose(id: string): void;
}

interface PickerButtonProps extends PickerProps {
  readonly trigger: ReactElement<Record<string, unknown>>;
}

// Comes with the command palette's code: nothing of it is needed before it is opened.
const PickerList = lazy(async () => ({ default: (await import("./PickerList.tsx")).PickerList }));

/** A button with a list to search by typing: for more choices than a menu shows at once. */
export function PickerButton({ trigger, onChoose, ...picker }: PickerButtonProps) {
  const [isOpen, setOpen] = useState(false);
  const choose = (id: string) => {
    setOpen(false);
    onChoose(id);
  };
  return (
    <Popover.Root open={isOpen} onOpenChange={setOpen}>
      <Popover.Trigger render={trigger} />
      <Popover.Portal>
        <Popover.Positioner
          side="bottom"
          align="start"
          sideOffset={4}
          collisionPadding={8}
          className={styles.positioner}
        >
          <Popover.Popup className={styles.picker} aria-label={picker.label}>
            <Suspense>
              <PickerList {...picker} onChoose={choose} />
            </Suspense>
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}
