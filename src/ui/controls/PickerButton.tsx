import { type ComponentProps, lazy, Suspense, useRef, useState } from "react";
import { Button } from "./Button.tsx";
import type { PickerProps } from "./PickerPopup.tsx";

interface PickerButtonProps
  extends Omit<ComponentProps<typeof Button>, "onClick" | "ref">,
    Pick<PickerProps, "placeholder" | "empty" | "groups" | "chosen" | "onChoose"> {
  /** What is chosen here. */
  readonly label: string;
}

// Comes with the command palette's code: nothing of it is needed before it is opened.
const PickerPopup = lazy(async () => ({ default: (await import("./PickerPopup.tsx")).PickerPopup }));

/** A button with a list to search by typing: for more choices than a menu shows at once. */
export function PickerButton({
  label,
  placeholder,
  empty,
  groups,
  chosen,
  onChoose,
  ...button
}: PickerButtonProps) {
  const anchor = useRef<HTMLButtonElement>(null);
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button
        {...button}
        ref={anchor}
        aria-haspopup="dialog"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
      />
      {isOpen ? (
        <Suspense>
          <PickerPopup
            {...{ label, placeholder, empty, groups, chosen, anchor }}
            onClose={() => setOpen(false)}
            onChoose={(id) => {
              setOpen(false);
              onChoose(id);
            }}
          />
        </Suspense>
      ) : null}
    </>
  );
}
