import { commands } from "#app/commands.ts";
import { useApp } from "#app/store.ts";
import { Disclosure } from "../charts/Disclosure.tsx";
import { RetentionChart } from "../charts/RetentionChart.tsx";
import { useTaskNames } from "../charts/task-name.ts";
import { Button } from "../controls/Button.tsx";
import { useFormats } from "../format.ts";
import { verdictFacts, verdictOf } from "../verdict.ts";
import { useWords } from "../words.ts";
import styles from "./results.module.css";
import { plain, verdictWords } from "./verdict-words.ts";

/** The one look at the test split, asked for by hand and never used to choose anything. */
export function TestReport() {
  const { test } = useWords(verdictWords);
  const report = useApp((state) => state.testReport);
  const recipeKey = useApp((state) => state.recipeKey);
  const canMeasure = useApp((state) => state.libraryState === "ready");
  const isOther = report !== undefined && report.recipeKey !== recipeKey;
  return (
    <Disclosure id="test-report" title={test.title} isClosedAtFirst={report === undefined}>
      <div className={styles.test}>
        <p className={styles.help}>{test.help}</p>
        {report === undefined || isOther ? (
          <Button disabled={!canMeasure} onClick={() => commands().reportOnTest()}>
            {isOther ? test.again : test.action}
          </Button>
        ) : null}
        {isOther ? <p>{test.other}</p> : null}
        {report ? <TestVerdict /> : null}
        {report ? (
          <RetentionChart id="retention-test" title={test.chart} report={report} isHollow={false} />
        ) : null}
      </div>
    </Disclosure>
  );
}

function TestVerdict() {
  const words = useWords(verdictWords);
  const format = useFormats();
  const nameOf = useTaskNames();
  const report = useApp((state) => state.testReport);
  if (!report) return null;
  const { main, sample } = verdictOf(verdictFacts(report), words, format, nameOf);
  const { merged } = report.mean;
  return (
    <>
      <p>
        {plain(main)} {words.test.accuracy(format.percent(merged.value), format.interval(merged))}
      </p>
      <p className={styles.help}>{sample}</p>
    </>
  );
}
