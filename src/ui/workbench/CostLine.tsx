import { TriangleAlert } from "lucide-react";
import type { AskedCost } from "#app/slices/work.ts";
import { useApp } from "#app/store.ts";
import { ErrorMessage } from "../controls/ErrorMessage.tsx";
import { durationText } from "../duration.ts";
import { useFormats } from "../format.ts";
import { useWords } from "../words.ts";
import { costWords } from "./cost-words.ts";
import styles from "./workbench.module.css";

interface CostLineProps {
  readonly asked: AskedCost | undefined;
  /** How many requests like this one are meant. */
  readonly times: number;
}

/** What a form's work would take, in a sentence; it keeps its place while that is being measured. */
export function CostLine({ asked, times }: CostLineProps) {
  const text = useWords(costWords);
  const format = useFormats();
  const language = useApp((state) => state.language);
  if (asked?.failure) {
    return (
      <p className={styles.failure} role="alert">
        <TriangleAlert size={14} aria-hidden />
        <span>
          {text.failed} <ErrorMessage {...asked.failure} />
        </span>
      </p>
    );
  }
  const cost = asked?.cost;
  const count = (examples: number) => (examples === 0 ? undefined : format.count(examples));
  return (
    <p className={styles.cost} aria-live="polite">
      {cost
        ? text.sentence({
            time: durationText(cost.seconds * times, language),
            forward: count(cost.passes),
            both: count(cost.gradientPasses),
            memory: format.bytes(cost.bytes + cost.heapBytes),
            times,
          })
        : text.measuring}
    </p>
  );
}
