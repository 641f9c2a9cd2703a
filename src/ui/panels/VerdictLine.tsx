import { useEffect, useState } from "react";
import { isStale, pinnedReport, shownReport } from "#app/selectors.ts";
import { type AppState, useApp } from "#app/store.ts";
import { useTaskNames } from "../charts/task-name.ts";
import { isTentative } from "../charts/tentative.ts";
import { useFormats } from "../format.ts";
import { type PinnedFacts, spoken, type Verdict, verdictFacts, verdictOf } from "../verdict.ts";
import { useWords } from "../words.ts";
import styles from "./verdict.module.css";
import { type Phrase, verdictWords } from "./verdict-words.ts";

/** A verdict is read out when it has rested this long, so that a drag does not chatter. */
const REST_MS = 1200;

/** What the numbers say, in one line; hollow with tildes until they are settled. */
export function VerdictLine() {
  const words = useWords(verdictWords);
  const isHollow = useApp(isTentative);
  const isDragging = useApp((state) => state.isDragging);
  const hasNoTasks = useApp((state) => state.library?.tasks.length === 0);
  const isEarlier = useApp(waitsForOptimisation);
  const verdict = useVerdict();
  const announced = useRested(verdict && !isHollow && !isDragging ? spoken(verdict) : undefined);

  return (
    <section className={styles.verdict} aria-label={words.heading} data-hollow={isHollow}>
      {verdict ? (
        <>
          <p className={styles.main}>
            <Words of={verdict.main} isHollow={isHollow} />
          </p>
          <p className={styles.versus}>
            {verdict.average ? <Words of={verdict.average} isHollow={isHollow} /> : null}
          </p>
          {verdict.versus ? (
            <p className={styles.versus}>
              <Words of={verdict.versus} isHollow={isHollow} />
            </p>
          ) : null}
          <p className={styles.sample}>{isEarlier ? words.earlier : verdict.sample}</p>
        </>
      ) : (
        <>
          <p className={styles.main}>{hasNoTasks ? words.noTasks : words.waiting}</p>
          <p className={styles.sample} />
        </>
      )}
      <p className="visually-hidden" aria-live="polite">
        {announced}
      </p>
    </section>
  );
}

function Words({ of, isHollow }: { readonly of: Phrase; readonly isHollow: boolean }) {
  return of.map(({ kind, text }, i) =>
    kind === "text" ? (
      text
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a sentence are known by their place
      <span key={i} className={styles.number}>
        {isHollow ? <span className={styles.tilde}>~</span> : null}
        {text}
      </span>
    ),
  );
}

function useVerdict(): Verdict | undefined {
  const words = useWords(verdictWords);
  const format = useFormats();
  const nameOf = useTaskNames();
  const report = useApp(shownReport);
  const pinned = useApp(pinnedReport);
  const paired = useApp(pairedWithPinned);
  const average = useApp(againstAverage);
  if (!report) return undefined;
  const other: PinnedFacts | undefined = pinned && { report: pinned, paired };
  return verdictOf(verdictFacts(report, other, average), words, format, nameOf);
}

/** The numbers are of the recipe before, and stay until this one's method has optimised what it needs. */
function waitsForOptimisation(state: AppState): boolean {
  const isWaiting = state.phase === "optimising" || state.phase === "waiting";
  return isWaiting && state.passKey !== "" && isStale(state);
}

/** The paired counts of the recipe on screen against the simple average. */
function againstAverage({ againstAverage: known, recipeKey }: AppState) {
  return known?.key === recipeKey ? known.tasks : undefined;
}

/** The paired counts of the recipe on screen against the pinned one. */
function pairedWithPinned({ comparison, recipeKey, pinned }: AppState) {
  return comparison?.key === recipeKey && comparison.other === pinned?.key ? comparison.tasks : undefined;
}

/** A text once it has stayed the same for a while; the last such text until then. */
function useRested(text: string | undefined): string {
  const [rested, setRested] = useState("");
  useEffect(() => {
    if (text === undefined) return;
    const timer = setTimeout(() => setRested(text), REST_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return rested;
}
