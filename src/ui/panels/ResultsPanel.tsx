import { useDeferredValue } from "react";
import { shownReport } from "#app/selectors.ts";
import { useApp } from "#app/store.ts";
import { OWN_FAMILY } from "#core/zoo.ts";
import { LiveDropProfile } from "../charts/DropProfileChart.tsx";
import { Flips } from "../charts/Flips.tsx";
import { LiveHardEasy } from "../charts/HardEasyChart.tsx";
import { LiveRetention } from "../charts/RetentionChart.tsx";
import { LiveStopStep } from "../charts/StopStepChart.tsx";
import { ZooCard } from "../charts/ZooCard.tsx";
import { useWords } from "../words.ts";
import styles from "./results.module.css";
import { resultsWords } from "./results-words.ts";
import { TestReport } from "./TestReport.tsx";

/** What the merge keeps and what it breaks, from the most to the least asked. Each section folds. */
export function ResultsPanel() {
  const words = useWords(resultsWords);
  // Deferred: with the first report all charts are made, in pieces between frames.
  const hasReport = useDeferredValue(useApp((state) => shownReport(state) !== undefined));
  const hasFailed = useApp((state) => state.libraryState === "failed");
  const hasNoTasks = useApp((state) => state.library?.tasks.length === 0);
  const waiting = hasNoTasks ? words.noExamples : words.waiting;
  return (
    <div className={styles.results}>
      {hasReport ? <Charts /> : <p className={styles.waiting}>{hasFailed ? words.failed : waiting}</p>}
    </div>
  );
}

function Charts() {
  // Nobody has measured how hard the user's own examples are.
  const isOwn = useApp((state) => state.family === OWN_FAMILY);
  return (
    <>
      <LiveRetention />
      {isOwn ? null : <LiveHardEasy />}
      <LiveStopStep />
      <Flips />
      <LiveDropProfile />
      <TestReport />
      <ZooCard />
    </>
  );
}
