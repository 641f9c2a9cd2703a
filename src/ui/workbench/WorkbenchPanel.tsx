import { useApp } from "#app/store.ts";
import { StoredLine } from "../storage/StoredLine.tsx";
import { useWords } from "../words.ts";
import { BenchForm } from "./BenchForm.tsx";
import { benchWords } from "./bench-words.ts";
import { FormChoice } from "./FormChoice.tsx";
import { Jobs } from "./Jobs.tsx";
import { KeptEvidence } from "./KeptEvidence.tsx";
import { SavedRuns } from "./SavedRuns.tsx";
import styles from "./workbench.module.css";

/** Where experts are trained, regions found and weights measured: a form beside what runs and what came of it. */
export function WorkbenchPanel() {
  const text = useWords(benchWords);
  const isKnown = useApp(({ library, recipe }) => library !== undefined && recipe !== undefined);
  const hasTasks = useApp(({ library }) => (library?.tasks.length ?? 0) > 0);
  return (
    <div className={styles.bench}>
      <h2 className="visually-hidden">{text.title}</h2>
      <div className={styles.make}>
        {isKnown && hasTasks ? (
          <>
            <FormChoice />
            <BenchForm />
          </>
        ) : (
          <p className={styles.empty} role="status">
            {isKnown ? text.noTasks : text.waiting}
          </p>
        )}
      </div>
      <div className={styles.made}>
        <Jobs />
        <KeptEvidence />
        <SavedRuns />
        <StoredLine />
      </div>
    </div>
  );
}
