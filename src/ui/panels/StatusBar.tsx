import { Check, Info, ShieldCheck, TriangleAlert } from "lucide-react";
import type { CSSProperties, ReactNode } from "react";
import { commands } from "#app/commands.ts";
import { shownReport } from "#app/selectors.ts";
import { useApp } from "#app/store.ts";
import { Button, join } from "../controls/Button.tsx";
import { Tip } from "../controls/Tip.tsx";
import { useFormats } from "../format.ts";
import { useOffOriginRequests } from "../off-origin.ts";
import { storedLineWords } from "../storage/stored-line-words.ts";
import { useStoredBytes } from "../storage/use-stored.ts";
import { useDelayed } from "../use-delayed.ts";
import { useWords } from "../words.ts";
import styles from "./status-bar.module.css";
import { statusWords } from "./status-words.ts";

/** What the engine is doing, on how many examples, how fast, and that nothing leaves the machine. */
export function StatusBar() {
  return (
    <footer className={styles.bar}>
      <ProgressLine />
      <Threads />
      <Subset />
      <Latency />
      <Memory />
      <Stored />
      <PhaseText />
      <Requests />
    </footer>
  );
}

function ProgressLine() {
  const text = useWords(statusWords);
  const phase = useApp((state) => state.phase);
  const progress = useApp((state) => state.progress);
  const isBusy =
    phase === "starting" || phase === "merging" || phase === "settling" || progress !== undefined;
  const isShown = useDelayed(isBusy);
  if (!isShown) return null;
  const done = progress && progress.total > 0 ? progress.done / progress.total : undefined;
  const style: CSSProperties & Record<"--done", number> = { "--done": done ?? 0.08 };
  return (
    <>
      <div
        role="progressbar"
        aria-label={text.progress}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={done === undefined ? undefined : Math.round(100 * done)}
        aria-valuetext={text.phases[phase]}
        className={styles.line}
        style={style}
      />
      {phase === "starting" ? null : (
        <Button look="quiet" className={styles.cancel} onClick={() => commands().cancel()}>
          {text.cancel}
        </Button>
      )}
    </>
  );
}

function Threads() {
  const text = useWords(statusWords);
  const threads = useApp((state) => state.engine?.threads);
  const isIsolated = useApp((state) => state.engine?.isolated);
  if (threads === undefined) return null;
  return (
    <Fact note={isIsolated ? text.isolated : text.alone} className={isIsolated ? undefined : styles.warn}>
      {isIsolated ? null : <Info size={13} aria-hidden />}
      {text.threads(threads)}
    </Fact>
  );
}

function PhaseText() {
  const text = useWords(statusWords);
  const phase = useApp((state) => state.phase);
  return (
    <span className={join(styles.phase, phase === "failed" && styles.failed)} data-phase={phase}>
      {phase === "settled" ? <Check size={13} aria-hidden /> : null}
      {text.phases[phase]}
    </span>
  );
}

function Subset() {
  const text = useWords(statusWords);
  const format = useFormats();
  const subset = useApp((state) => shownReport(state)?.subset);
  const least = useApp((state) => Math.min(...(shownReport(state)?.tasks.map((task) => task.n) ?? [0])));
  const most = useApp((state) => Math.max(...(shownReport(state)?.tasks.map((task) => task.n) ?? [0])));
  const tasks = useApp((state) => shownReport(state)?.tasks.length);
  if (subset === undefined || tasks === undefined) return null;
  const n = least === most ? format.count(most) : `${format.count(least)}–${format.count(most)}`;
  return <Fact note={text.subsets}>{text[subset](tasks, n)}</Fact>;
}

function Latency() {
  const text = useWords(statusWords);
  const format = useFormats();
  const latency = useApp((state) => state.latency);
  return latency === undefined ? null : <Fact note={text.latency}>{format.milliseconds(latency)}</Fact>;
}

function Memory() {
  const text = useWords(statusWords);
  const format = useFormats();
  const models = useApp((state) => state.memory.models);
  const evaluation = useApp((state) => state.memory.eval);
  const optimise = useApp((state) => state.memory.optimise);
  const total = models + evaluation + optimise;
  if (total === 0) return null;
  const note = text.memory(format.bytes(models), format.bytes(evaluation), format.bytes(optimise));
  return <Fact note={note}>{format.bytes(total)}</Fact>;
}

/** Opens the list of what is stored. */
function Stored() {
  const text = useWords(storedLineWords);
  const format = useFormats();
  const bytes = useStoredBytes();
  const isFailed = useApp((state) => state.kept.failure !== undefined);
  const isKeeping = useApp((state) => state.isKeeping);
  const patchView = useApp((state) => state.patchView);
  if (!bytes && isKeeping && !isFailed) return null;
  const words = isFailed
    ? text.shortFailed
    : isKeeping
      ? text.short(format.bytes(bytes ?? 0))
      : text.shortOff;
  return (
    <Fact
      note={text.note}
      className={isFailed || !isKeeping ? styles.warn : undefined}
      onClick={() => patchView({ dialog: "storage" })}
    >
      {words}
    </Fact>
  );
}

function Requests() {
  const text = useWords(statusWords);
  const requests = useOffOriginRequests();
  const Sign = requests === 0 ? ShieldCheck : TriangleAlert;
  return (
    <Fact note={text.requestsNote} className={join(styles.last, requests > 0 && styles.failed)}>
      <Sign size={13} aria-hidden />
      {text.requests(requests)}
    </Fact>
  );
}

interface FactProps {
  readonly note: string;
  readonly className?: string | undefined;
  readonly children: ReactNode;
  onClick?(): void;
}

/** A few words with more behind them. */
function Fact({ note, className, children, onClick }: FactProps) {
  return (
    <Tip text={note} side="top">
      <button type="button" className={join(styles.fact, className)} onClick={onClick}>
        {children}
      </button>
    </Tip>
  );
}
