import { Autocomplete } from "@base-ui/react/autocomplete";
import { Popover } from "@base-ui/react/popover";
import { Check, Search } from "lucide-react";
import { type RefObject, useMemo } from "react";
import overlays from "./overlays.module.css";
import styles from "./picker.module.css";

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
  readonly label: string;
  readonly placeholder: string;
  /** Said when nothing fits what was typed. */
  readonly empty: string;
  readonly groups: readonly PickerGroup[];
  readonly chosen: string;
  /** The button that it belongs to; gets the focus back. */
  readonly anchor: RefObject<HTMLElement | null>;
  onClose(): void;
  onChoose(id: string): void;
}

interface Entry extends PickerItem {
  readonly value: string;
}

/** The list of a picker under its button, with its search: arrows and Enter choose, typing narrows. */
export function PickerPopup({ anchor, onClose, ...list }: PickerProps) {
  return (
    <Popover.Root
      open
      onOpenChange={(open, { event: { target } }) => {
        // The button closes by its own click, which comes after this press.
        const isButton = target instanceof Node && anchor.current?.contains(target);
        if (!open && !isButton) onClose();
      }}
    >
      <Popover.Portal>
        <Popover.Positioner
          anchor={anchor}
          side="bottom"
          align="start"
          sideOffset={4}
          collisionPadding={8}
          className={overlays.positioner}
        >
          <Popover.Popup className={overlays.picker} aria-label={list.label} finalFocus={anchor}>
            <List {...list} />
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}

function List({
  label,
  placeholder,
  empty,
  groups,
  chosen,
  onChoose,
}: Omit<PickerProps, "anchor" | "onClose">) {
  const items = useMemo(
    () =>
      groups.map((group) => ({
        ...group,
        items: group.items.map((item): Entry => ({ ...item, value: item.label })),
      })),
    [groups],
  );
  return (
    <Autocomplete.Root open inline items={items} filter={fits} autoHighlight="always" keepHighlight>
      <div className={styles.box}>
        <Search size={14} aria-hidden />
        <Autocomplete.Input className={styles.input} aria-label={label} placeholder={placeholder} />
      </div>
      <Autocomplete.Empty>
        <p className={styles.empty}>{empty}</p>
      </Autocomplete.Empty>
      <Autocomplete.List className={styles.list}>
        {(group: (typeof items)[number]) => (
          <Autocomplete.Group key={group.id} items={group.items}>
            <Autocomplete.GroupLabel className={styles.title}>{group.title}</Autocomplete.GroupLabel>
            <Autocomplete.Collection>
              {(item: Entry) => (
                <Autocomplete.Item
                  key={item.id}
                  value={item}
                  className={styles.item}
                  onClick={() => onChoose(item.id)}
                >
                  <span className={styles.check}>
                    {item.id === chosen ? <Check size={14} aria-label="✓" /> : null}
                  </span>
                  <span className={styles.label}>{item.label}</span>
                  <span className={styles.note}>{item.note}</span>
                </Autocomplete.Item>
              )}
            </Autocomplete.Collection>
          </Autocomplete.Group>
        )}
      </Autocomplete.List>
    </Autocomplete.Root>
  );
}

/** Every typed word is found somewhere, in any order. */
function fits({ label, note, keywords }: Entry, query: string): boolean {
  const text = `${label} ${note} ${keywords}`.toLowerCase();
  return query
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
