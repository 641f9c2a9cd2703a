import { Autocomplete } from "@base-ui/react/autocomplete";
import { Search } from "lucide-react";
import { useMemo } from "react";
import { useApp } from "#app/store.ts";
import { type Action, useActions } from "../actions.ts";
import { Modal } from "../controls/Modal.tsx";
import { useWords } from "../words.ts";
import styles from "./command-palette.module.css";
import { dialogWords } from "./dialog-words.ts";

/** Every action by its words. */
export function CommandPalette() {
  const text = useWords(dialogWords).palette;
  const patchView = useApp((state) => state.patchView);
  const groups = useActions();
  const items = useMemo(
    () =>
      groups.map(({ id, label, items: actions }) => ({
        value: id,
        label,
        items: actions
          .filter((action) => !action.disabled)
          .map((action) => ({ ...action, value: action.label })),
      })),
    [groups],
  );
  const close = () => patchView({ dialog: undefined });
  const run = (action: Action) => {
    close();
    action.run();
  };

  return (
    <Modal open onClose={close} title={text.title} look="palette">
      <Autocomplete.Root open inline items={items} autoHighlight="always" keepHighlight>
        <div className={styles.box}>
          <Search size={16} aria-hidden />
          <Autocomplete.Input
            className={styles.input}
            aria-label={text.title}
            placeholder={text.placeholder}
          />
          <span className={styles.hint}>
            <kbd>Enter</kbd> {text.hint}
          </span>
        </div>
        <Autocomplete.Empty>
          <p className={styles.empty}>{text.empty}</p>
        </Autocomplete.Empty>
        <Autocomplete.List className={styles.list}>
          {(group: (typeof items)[number]) => (
            <Autocomplete.Group key={group.value} items={group.items} className={styles.group}>
              <Autocomplete.GroupLabel className={styles.label}>{group.label}</Autocomplete.GroupLabel>
              <Autocomplete.Collection>
                {(action: (typeof group.items)[number]) => (
                  <Autocomplete.Item
                    key={action.id}
                    value={action}
                    className={styles.item}
                    onClick={() => run(action)}
                  >
                    <span className={styles.words}>{action.label}</span>
                    {action.keys === undefined ? null : <kbd>{action.keys}</kbd>}
                  </Autocomplete.Item>
                )}
              </Autocomplete.Collection>
            </Autocomplete.Group>
          )}
        </Autocomplete.List>
      </Autocomplete.Root>
    </Modal>
  );
}
