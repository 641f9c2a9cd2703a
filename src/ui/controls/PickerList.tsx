import { Autocomplete } from "@base-ui/react/autocomplete";
import { Check, Search } from "lucide-react";
import { useMemo } from "react";
import type { PickerItem, PickerProps } from "./PickerButton.tsx";
import styles from "./picker.module.css";

interface Entry extends PickerItem {
  readonly value: string;
}

/** The list of a picker with its search: arrows and Enter choose, typing narrows. */
export function PickerList({ label, placeholder, empty, groups, chosen, onChoose }: PickerProps) {
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
        <Autocomplete.Input
          ref={focus}
          className={styles.input}
          aria-label={label}
          placeholder={placeholder}
        />
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

/** The popup's own focus comes before this code has been loaded. */
function focus(input: HTMLInputElement | null): void {
  input?.focus();
}

/** Every typed word is found somewhere, in any order. */
function fits({ label, note, keywords }: Entry, query: string): boolean {
  const text = `${label} ${note} ${keywords}`.toLowerCase();
  return query
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
