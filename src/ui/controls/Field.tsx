import { Tooltip } from "@base-ui/react/tooltip";
import { type FocusEvent, type LabelHTMLAttributes, type ReactNode, useState } from "react";
import { join } from "./Button.tsx";
import styles from "./controls.module.css";
import overlays from "./overlays.module.css";

interface FieldProps {
  readonly label: string;
  /** The control that the label belongs to; absent for groups, which carry `labelId` in aria-labelledby. */
  readonly controlId?: string | undefined;
  readonly labelId?: string | undefined;
  /** What the term means: shown on hover and on keyboard focus, read out through `helpId`. */
  readonly help?: string | undefined;
  readonly helpId?: string | undefined;
  readonly className?: string | undefined;
  readonly children: ReactNode;
}

/** A label of a control, or the words that name a group. */
function Label({ htmlFor, children, ...rest }: LabelHTMLAttributes<HTMLElement>) {
  return htmlFor === undefined ? (
    <span {...rest}>{children}</span>
  ) : (
    <label htmlFor={htmlFor} {...rest}>
      {children}
    </label>
  );
}

/** A label, its explanation and a control in one row; under each other where there is no room. */
export function Field({ label, controlId, labelId, help, helpId, className, children }: FieldProps) {
  const [isHelpOpen, setHelpOpen] = useState(false);
  const [isByFocus, setByFocus] = useState(false);
  const open = (next: boolean, byFocus: boolean) => {
    setHelpOpen(next);
    setByFocus(next && byFocus);
  };
  // A text box is always "focus-visible", also after a click: its words would be in the way of the next one.
  const onFocus = ({ target }: FocusEvent) =>
    open(target.matches(":focus-visible") && !target.matches("[type=text]"), true);

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the row only listens to the focus of its control
    <div
      className={join(styles.field, className)}
      onFocus={onFocus}
      onBlur={() => open(false, true)}
      onKeyDown={() => open(false, true)}
    >
      <Tooltip.Root open={help !== undefined && isHelpOpen} onOpenChange={(next) => open(next, false)}>
        <Tooltip.Trigger
          data-help={help === undefined ? undefined : ""}
          render={(props) => (
            <Label {...props} id={labelId} htmlFor={controlId} className={styles.label}>
              {label}
            </Label>
          )}
        />
        <Tooltip.Portal>
          <Tooltip.Positioner
            side="top"
            align="start"
            sideOffset={4}
            className={join(overlays.positioner, isByFocus && overlays.untouchable)}
          >
            <Tooltip.Popup className={overlays.tip}>{help}</Tooltip.Popup>
          </Tooltip.Positioner>
        </Tooltip.Portal>
      </Tooltip.Root>
      {children}
      {help === undefined ? null : (
        <span id={helpId} hidden>
          {help}
        </span>
      )}
    </div>
  );
}
