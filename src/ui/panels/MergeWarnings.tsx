import { TriangleAlert } from "lucide-react";
import { useApp } from "#app/store.ts";
import { lazyJapanese } from "../japanese/lazy.ts";
import { useWords } from "../words.ts";
import styles from "./merge-warnings.module.css";
import { warningWords } from "./warning-words.ts";

const useJapaneseWarnings = lazyJapanese(
  async () => (await import("../japanese/warnings.ts")).japaneseWarning,
);

/** What the user should know though the merge went on: rules that match nothing, experts of which nothing is kept. */
export function MergeWarnings() {
  const text = useWords(warningWords);
  const japanese = useJapaneseWarnings();
  const warnings = useApp((state) => state.summary?.warnings);
  if (!warnings || warnings.length === 0) return null;
  return (
    <details className={styles.warnings} open={warnings.length === 1}>
      <summary>
        <TriangleAlert size={14} aria-hidden className={styles.sign} />
        {text.title(warnings.length)}
      </summary>
      <ul>
        {warnings.map(({ code, message, details }) => {
          const sentence = japanese?.(code, details);
          return (
            <li key={`${code} ${message}`}>
              <strong>
                {text.codes[code]}
                {text.stop}
              </strong>{" "}
              <span lang={sentence === undefined ? "en" : undefined}>{sentence ?? message}</span>
            </li>
          );
        })}
      </ul>
    </details>
  );
}
