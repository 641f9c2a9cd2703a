import { Menu } from "@base-ui/react/menu";
import { Check } from "lucide-react";
import type { ReactElement, ReactNode } from "react";
import styles from "./overlays.module.css";

export interface MenuAction {
  readonly id: string;
  readonly label: ReactNode;
  /** A second, quieter line. */
  readonly note?: string | undefined;
  /** Drawn with a tick; leave out where nothing is chosen. */
  readonly checked?: boolean;
  readonly disabled?: boolean;
  run(): void;
}

export interface MenuGroup {
  readonly id: string;
  readonly title?: string;
  readonly actions: readonly MenuAction[];
}

interface MenuButtonProps {
  readonly trigger: ReactElement<Record<string, unknown>>;
  readonly groups: readonly MenuGroup[];
  readonly align?: "start" | "center" | "end";
}

/** A button with a menu of actions, grouped. */
export function MenuButton({ trigger, groups, align = "start" }: MenuButtonProps) {
  const hasTicks = groups.some((group) => group.actions.some((action) => action.checked !== undefined));
  return (
    <Menu.Root>
      <Menu.Trigger render={trigger} />
      <Menu.Portal>
        <Menu.Positioner sideOffset={4} align={align} collisionPadding={8} className={styles.positioner}>
          <Menu.Popup className={styles.menu} data-ticks={hasTicks || undefined}>
            {groups.map((group) => (
              <Menu.Group key={group.id} className={styles.group}>
                {group.title === undefined ? null : (
                  <Menu.GroupLabel className={styles.groupTitle}>{group.title}</Menu.GroupLabel>
                )}
                {group.actions.map((action) => (
                  <Menu.Item
                    key={action.id}
                    className={styles.item}
                    disabled={action.disabled ?? false}
                    onClick={action.run}
                    {...(action.checked === undefined
                      ? {}
                      : { role: "menuitemradio", "aria-checked": action.checked })}
                  >
                    {hasTicks ? (
                      <span className={styles.check}>
                        {action.checked ? <Check size={14} aria-hidden /> : null}
                      </span>
                    ) : null}
                    <span className={styles.itemText}>
                      {action.label}
                      {action.note === undefined ? null : (
                        <span className={styles.itemNote}>{action.note}</span>
                      )}
                    </span>
                  </Menu.Item>
                ))}
              </Menu.Group>
            ))}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
