import { TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { useApp } from "#app/store.ts";
import type { Proportion } from "#core/eval/report.ts";
import type { ExpertCard } from "#core/summary.ts";
import { join } from "../controls/Button.tsx";
import { taskColour } from "../controls/TaskMark.tsx";
import { Tip } from "../controls/Tip.tsx";
import { useFormats } from "../format.ts";
import { storedLineWords } from "../storage/stored-line-words.ts";
import { isExpertStored, STORING_MS } from "../storage/use-stored.ts";
import { useDelayed } from "../use-delayed.ts";
import { useWords } from "../words.ts";
import styles from "./expert-card.module.css";
import { libraryWords } from "./library-words.ts";

interface AccuracyProps {
  readonly task: string | undefined;
  readonly index: number;
  readonly own: Proportion | undefined;
  readonly merged: Proportion | undefined;
  readonly isStale: boolean;
  /** The step that the numbers belong to; named when it is only pointed at. */
  readonly step: number;
  readonly isPreview: boolean;
}

/** The two lines' names and values at a step: the legend is the reading. */
export function Accuracy({ task, index, own, merged, isStale, step, isPreview }: AccuracyProps) {
  const text = useWords(libraryWords);
  const format = useFormats();
  if (task === undefined) return <p className={join(styles.reading, "muted")}>{text.noTask}</p>;
  if (!own && !merged) return <p className={join(styles.reading, "muted")}>{text.measuring}</p>;
  return (
    <p className={styles.reading} aria-hidden={isPreview || undefined}>
      {own ? (
        <Reading note={text.aloneNote(format.n(own.n), format.interval(own))}>
          <Line colour={taskColour(index)} width={2} />
          {text.alone} <b>{format.share(own)}</b>
        </Reading>
      ) : null}
      {merged ? (
        <Reading note={text.mergedNote(format.n(merged.n), format.interval(merged))}>
          <Line colour="var(--ink)" width={1} isDashed={isStale} />
          {text.merged}{" "}
          <b>
            {isStale ? "~" : ""}
            {format.share(merged)}
          </b>
        </Reading>
      ) : null}
      {isPreview ? <span className={styles.preview}>@{format.count(step)}</span> : null}
    </p>
  );
}

function Reading({ note, children }: { readonly note: string; readonly children: ReactNode }) {
  return (
    <Tip text={note} side="right">
      <button type="button" className={styles.value}>
        {children}
      </button>
    </Tip>
  );
}

interface LineProps {
  readonly colour: string;
  readonly width: number;
  readonly isDashed?: boolean;
}

function Line({ colour, width, isDashed = false }: LineProps) {
  return (
    <svg width={14} height={8} aria-hidden="true">
      <path d="M0 4h14" stroke={colour} strokeWidth={width} strokeDasharray={isDashed ? "2 3" : undefined} />
    </svg>
  );
}

/** Said of an expert that was trained here and is in no storage. */
export function OnlyHere({ card: { id, source } }: { readonly card: ExpertCard }) {
  const text = useWords(storedLineWords);
  const isStored = useApp((state) => isExpertStored(state, id));
  const isUnstored = useDelayed(source === "trained" && isStored === false, STORING_MS);
  if (!isUnstored) return null;
  return (
    <Tip text={text.onlyHereNote} side="right">
      <button type="button" className={join(styles.value, "muted")}>
        {text.onlyHere}
      </button>
    </Tip>
  );
}

/** What opening a dropped expert had to say. */
export function ExpertNotes({ card }: { readonly card: ExpertCard }) {
  const text = useWords(libraryWords);
  if (card.warnings.length === 0) return null;
  return (
    <details className={styles.notes}>
      <summary>
        <TriangleAlert size={13} aria-hidden />
        {text.warnings(card.warnings.length)}
      </summary>
      <ul>
        {card.warnings.map((warning) => (
          <li key={warning}>{warning}</li>
        ))}
      </ul>
    </details>
  );
}
