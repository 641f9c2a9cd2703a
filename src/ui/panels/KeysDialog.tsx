import { Fragment } from "react";
import { useApp } from "#app/store.ts";
import { Modal } from "../controls/Modal.tsx";
import { keyNames } from "../keys.ts";
import { useWords } from "../words.ts";
import { dialogWords } from "./dialog-words.ts";
import styles from "./keys-dialog.module.css";

const { shift, alt } = keyNames;

/** Every key and gesture. */
export function KeysDialog() {
  const text = useWords(dialogWords).keys;
  const patchView = useApp((state) => state.patchView);
  const groups = [
    {
      title: text.groups.anywhere,
      rows: [
        [keyNames.undo, text.undo],
        [keyNames.redo, text.redo],
        [keyNames.palette, text.palette],
        [keyNames.save, text.save],
        [keyNames.open, text.open],
        [keyNames.keys, text.help],
        ["Esc", text.escape],
      ],
    },
    {
      title: text.groups.sliders,
      rows: [
        ["← →", text.arrows],
        [`${shift} ← →`, text.shiftArrows],
        [`${alt} ← →`, text.altArrows],
        ["PgUp PgDn", text.pages],
        ["Home End", text.ends],
        ["Enter", text.enter],
      ],
    },
    { title: text.groups.chain, rows: [[`${alt} ← →`, text.altMove]] },
    {
      title: text.groups.pointer,
      rows: [
        [shift, text.shiftDrag],
        [alt, text.altDrag],
        ["×2", text.doubleClick],
        ["⤓", text.drop],
        [keyNames.paste, text.paste],
      ],
    },
  ] as const;
  return (
    <Modal open onClose={() => patchView({ dialog: undefined })} title={text.title}>
      <div className={styles.groups}>
        {groups.map(({ title, rows }) => (
          <section key={title}>
            <h3 className="pane-title">{title}</h3>
            <dl className={styles.rows}>
              {rows.map(([keys, what]) => (
                <Fragment key={keys}>
                  <dt>
                    <kbd>{keys}</kbd>
                  </dt>
                  <dd>{what}</dd>
                </Fragment>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Modal>
  );
}
