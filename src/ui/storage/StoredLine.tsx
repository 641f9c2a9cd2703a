import { useApp } from "#app/store.ts";
import { Button } from "../controls/Button.tsx";
import { useFormats } from "../format.ts";
import { useWords } from "../words.ts";
import styles from "./storage.module.css";
import { storedLineWords } from "./stored-line-words.ts";
import { useStoredBytes } from "./use-stored.ts";

/** Whether what is made here will be there again, and how much is; the way to the list. */
export function StoredLine() {
  const words = useWords(storedLineWords);
  const format = useFormats();
  const bytes = useStoredBytes();
  const isKeeping = useApp((state) => state.isKeeping);
  const isFailed = useApp((state) => state.kept.failure !== undefined);
  const experts = useApp(({ kept }) => kept.things?.filter(({ kind }) => kind === "expert").length ?? 0);
  const measured = useApp(({ kept }) => kept.things?.filter(({ kind }) => kind === "evidence").length ?? 0);
  const patchView = useApp((state) => state.patchView);
  return (
    <div className={styles.line}>
      <p className={isFailed || !isKeeping ? styles.warning : undefined}>{sentence()}</p>
      <Button onClick={() => patchView({ dialog: "storage" })}>{words.manage}</Button>
    </div>
  );

  function sentence(): string {
    if (isFailed) return words.failed;
    if (!isKeeping) return words.off;
    return bytes ? words.stored(words.counts(experts, measured), format.bytes(bytes)) : words.nothing;
  }
}
