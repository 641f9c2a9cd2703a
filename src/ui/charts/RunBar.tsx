import { Square } from "lucide-react";
import { type ReactNode, useId } from "react";
import { Button } from "../controls/Button.tsx";
import { useFormats } from "../format.ts";
import { useWords } from "../words.ts";
import styles from "./run.module.css";
import { runWords } from "./run-words.ts";

/** What a measurement tells of itself. */
export interface RunState {
  readonly state: "running" | "done" | "stopped" | "failed";
  readonly progress: { readonly done: number; readonly total: number };
  readonly failure: { readonly message: string } | undefined;
}

interface RunBarProps {
  /** What is being measured: names the progress. */
  readonly label: string;
  readonly run: RunState | undefined;
  onStop(): void;
  /** Shown unless it runs: the button that starts it, and what it takes. */
  readonly children: ReactNode;
}

/** Starts a long measurement, shows how far it is, and stops it; always of one height. */
export function RunBar({ label, run, onStop, children }: RunBarProps) {
  const words = useWords(runWords);
  const format = useFormats();
  const name = useId();
  if (run?.state !== "running") {
    return (
      <div className={styles.bar}>
        {children}
        {run?.state === "stopped" ? <p className={styles.told}>{words.stopped}</p> : null}
        {run?.state === "failed" ? (
          <p className={styles.failed}>{words.failed(run.failure?.message ?? "")}</p>
        ) : null}
      </div>
    );
  }
  const share = Math.min(1, run.progress.done / Math.max(1e-9, run.progress.total));
  return (
    <div className={styles.bar}>
      <Button icon={<Square size={12} fill="currentColor" aria-hidden />} onClick={onStop}>
        {words.stop}
      </Button>
      <span id={name} className="visually-hidden">
        {label}
      </span>
      <progress className={styles.progress} aria-labelledby={name} value={share} max={1} />
      <span className={styles.told}>{words.progress(`${format.count(Math.floor(100 * share))}\u202f%`)}</span>
    </div>
  );
}
