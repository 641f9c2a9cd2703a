import { TriangleAlert } from "lucide-react";
import { useEffect } from "react";
import { commands } from "#app/commands.ts";
import { useApp } from "#app/store.ts";
import { Button } from "../controls/Button.tsx";
import { Modal } from "../controls/Modal.tsx";
import { Switch } from "../controls/Switch.tsx";
import { useFormats } from "../format.ts";
import { useWords } from "../words.ts";
import { DeleteButton } from "./DeleteButton.tsx";
import { StoredThings } from "./StoredThings.tsx";
import styles from "./storage.module.css";
import { storageWords } from "./storage-words.ts";
import { useStoredBytes } from "./use-stored.ts";

/** What this browser stores of what was made here: how much, whether, and how to be rid of it. */
export function StorageDialog() {
  const words = useWords(storageWords);
  const patchView = useApp((state) => state.patchView);
  const isKeeping = useApp((state) => state.isKeeping);
  const failure = useApp((state) => state.kept.failure);
  useEffect(() => commands().storage((storage) => storage.refresh()), []);
  return (
    <Modal
      open
      onClose={() => patchView({ dialog: undefined })}
      title={words.title}
      description={words.about}
    >
      <div className={styles.dialog}>
        <div>
          <Switch
            label={words.keep}
            checked={isKeeping}
            onChange={(on) => commands().storage((storage) => storage.setKeeping(on))}
          />
          <p className={styles.note}>{isKeeping ? words.isKept : words.isOff}</p>
        </div>
        {failure ? (
          <p className={styles.failure} role="alert">
            <TriangleAlert size={15} aria-hidden />
            <span>
              {failure.message} {words.failed}
            </span>
          </p>
        ) : null}
        <Room />
        <StoredThings />
        <RemoveAll />
      </div>
    </Modal>
  );
}

/** How much there is, and whether the browser may take it away. */
function Room() {
  const words = useWords(storageWords);
  const format = useFormats();
  const bytes = useStoredBytes();
  const quota = useApp((state) => state.kept.quota);
  const persistence = useApp((state) => state.kept.persistence);
  if (!bytes) return null;
  const used = format.bytes(bytes);
  return (
    <div className={styles.room}>
      <p>
        {quota === undefined ? words.used(used) : words.ofQuota(used, format.bytes(quota))}{" "}
        {words.persistence[persistence]}
      </p>
      {persistence === "kept" ? null : (
        <Button onClick={() => commands().storage((storage) => storage.persist())}>{words.persist}</Button>
      )}
    </div>
  );
}

function RemoveAll() {
  const words = useWords(storageWords);
  const format = useFormats();
  const bytes = useStoredBytes();
  if (!bytes) return null;
  return (
    <footer className={styles.foot}>
      <p className="muted">{words.stays}</p>
      <DeleteButton
        isWordy
        label={words.removeAll}
        now={words.removeAllNow(format.bytes(bytes))}
        onDelete={() => commands().storage((storage) => storage.clear())}
      />
    </footer>
  );
}
