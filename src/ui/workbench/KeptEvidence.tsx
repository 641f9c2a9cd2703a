import { useMemo } from "react";
import { useApp } from "#app/store.ts";
import { useWords } from "../words.ts";
import { EvidenceRow } from "./EvidenceRow.tsx";
import { evidenceWords } from "./evidence-words.ts";
import styles from "./workbench.module.css";

/** Evidence that no listed job shows: opened from files, or of jobs taken off the list. */
export function KeptEvidence() {
  const words = useWords(evidenceWords);
  const order = useApp(({ evidence, work }) => {
    const shown = new Set(
      work.flatMap(({ outcome }) =>
        outcome?.kind === "evidence" ? outcome.evidence.map(({ id }) => id) : [],
      ),
    );
    return evidence.flatMap(({ id }) => (shown.has(id) ? [] : [id])).join(" ");
  });
  const ids = useMemo(() => (order === "" ? [] : order.split(" ")), [order]);
  if (ids.length === 0) return null;
  return (
    <section className={styles.section} aria-label={words.title}>
      <h3 className="pane-title">{words.title}</h3>
      <ul className={styles.evidence}>
        {ids.map((id) => (
          <EvidenceRow key={id} id={id} />
        ))}
      </ul>
    </section>
  );
}
