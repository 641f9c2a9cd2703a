import { FolderOpen, Plus } from "lucide-react";
import { useMemo } from "react";
import { useApp } from "#app/store.ts";
import { Button } from "../controls/Button.tsx";
import { Tip } from "../controls/Tip.tsx";
import { useFormats } from "../format.ts";
import { pickFiles } from "../pick-files.ts";
import { useWords } from "../words.ts";
import { AllSteps } from "./AllSteps.tsx";
import { ExpertCard } from "./ExpertCard.tsx";
import { FamilyChoice } from "./FamilyChoice.tsx";
import styles from "./library.module.css";
import { libraryWords } from "./library-words.ts";
import { BaseRepairNote } from "./RepairNote.tsx";

/** Base, experts, and the place to add more. */
export function LibraryPanel() {
  const text = useWords(libraryWords);
  const state = useApp((app) => app.libraryState);
  const experts = useApp((app) => app.library?.experts);
  if (!experts) {
    const isFailed = state === "failed";
    return (
      <div className={styles.panel}>
        <FamilyChoice />
        <p className={isFailed ? styles.failed : "muted"} role="status">
          {isFailed ? text.failed : text.loading}
        </p>
      </div>
    );
  }
  return (
    <div className={styles.panel}>
      <FamilyChoice />
      <BaseCard />
      <div className={styles.title}>
        <h2 className="pane-title">{text.experts}</h2>
      </div>
      <AllSteps />
      <ul>
        {experts.map(({ id }) => (
          <ExpertCard key={id} id={id} />
        ))}
      </ul>
      <DropZone />
    </div>
  );
}

function BaseCard() {
  const text = useWords(libraryWords);
  const format = useFormats();
  const base = useApp((state) => state.library?.base);
  const tensors = useApp((state) => state.library?.tensors.length ?? 0);
  const note = useMemo(
    () => (base ? text.baseNote(format.count(base.parameters), format.count(tensors)) : ""),
    [base, tensors, text, format],
  );
  if (!base) return null;
  return (
    <div className={styles.base}>
      <h2 className="pane-title">{text.base}</h2>
      <Tip text={note} side="right">
        <button type="button" className={styles.baseName}>
          <b>{base.label}</b>
          <span className="muted">
            {format.compact(base.parameters)} {text.parameters}
          </span>
        </button>
      </Tip>
      <BaseRepairNote />
    </div>
  );
}

/** Where files go; dropping works anywhere on the page, this says so and has the buttons. */
function DropZone() {
  const text = useWords(libraryWords);
  return (
    <div className={styles.zone}>
      <p>{text.drop}</p>
      <p className={styles.small}>{text.dropNote}</p>
      <div className={styles.buttons}>
        <Button icon={<Plus size={14} aria-hidden />} onClick={() => pickFiles("files")}>
          {text.openFiles}
        </Button>
        <Button look="quiet" icon={<FolderOpen size={14} aria-hidden />} onClick={() => pickFiles("folder")}>
          {text.openFolder}
        </Button>
      </div>
    </div>
  );
}
