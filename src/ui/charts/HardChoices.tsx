import { useApp } from "#app/store.ts";
import { Choice } from "../controls/Choice.tsx";
import { Slider } from "../controls/Slider.tsx";
import { useWords } from "../words.ts";
import styles from "./hard.module.css";
import { hardWords } from "./hard-words.ts";

/** Range of the share that may be called hard; below, a task has too few such examples to say anything. */
const FRACTION = { min: 0.05, max: 0.5, step: 0.05, initial: 0.1 };

/** What counts as hard. */
export function HardChoices() {
  const words = useWords(hardWords);
  const hard = useApp((state) => state.hard);
  const patchView = useApp((state) => state.patchView);
  return (
    <div className={styles.choices}>
      <Choice
        label={words.kind}
        help={words.kindHelp}
        options={[
          { value: "el2n", label: words.kinds.el2n },
          { value: "late", label: words.kinds.late },
        ]}
        value={hard.kind}
        onChange={(kind) => patchView({ hard: { ...hard, kind: kind === "late" ? "late" : "el2n" } })}
      />
      {hard.kind === "el2n" ? (
        <Slider
          {...FRACTION}
          label={words.fraction}
          help={words.fractionHelp}
          value={hard.fraction}
          onChange={(fraction) => patchView({ hard: { ...hard, fraction } })}
        />
      ) : (
        <LateStep />
      )}
    </div>
  );
}

function LateStep() {
  const words = useWords(hardWords);
  const hard = useApp((state) => state.hard);
  const patchView = useApp((state) => state.patchView);
  const experts = useApp((state) => state.library?.experts);
  const steps = [...new Set(experts?.flatMap(({ checkpoints }) => checkpoints.map(({ step }) => step)))];
  return (
    <Choice
      label={words.lateStep}
      options={steps.sort((a, b) => a - b).map((step) => ({ value: String(step), label: String(step) }))}
      value={String(hard.lateStep)}
      onChange={(step) => patchView({ hard: { ...hard, lateStep: Number(step) } })}
    />
  );
}
