import type { WorkDraft } from "#app/slices/workbench.ts";
import { useApp } from "#app/store.ts";
import { subjectsOf, taskOf } from "#app/work-drafts.ts";
import type { WorkCardId } from "#core/work-cards.ts";
import { type Formats, useFormats } from "../format.ts";
import { useWords } from "../words.ts";
import { benchWords } from "./bench-words.ts";
import styles from "./workbench.module.css";

interface DataLineProps {
  readonly form: WorkCardId;
  readonly draft: WorkDraft;
}

/** What a form's work reads of the data: which split, how many, with labels or without. */
export function DataLine({ form, draft }: DataLineProps) {
  const text = useWords(benchWords);
  const format = useFormats();
  const recipe = useApp((state) => state.recipe);
  const library = useApp((state) => state.library);
  if (!recipe || !library) return null;
  const ids = new Set(subjectsOf({ recipe, library }, draft.expert).map(({ task }) => task));
  const tasks = library.tasks.filter(({ id }) => ids.has(id));
  return <p className={styles.data}>{sentence()}</p>;

  function sentence(): string {
    const task = library && taskOf(draft, library);
    if (form === "train") {
      return task
        ? text.data.train(
            task.label,
            format.count(task.n.train ?? task.n.fewShot),
            format.count(task.n.validation),
          )
        : "";
    }
    if (form === "adamerge") return text.data.adamerge(format.list(tasks.map(({ label }) => label)));
    if (form === "localise") {
      const shots = tasks.map(({ n, classes }) =>
        Math.min(n.fewShot, numberOf(draft, "shots") * classes.length),
      );
      return text.data.localise(
        range(shots, format),
        range(
          tasks.map(({ n }) => n.validation),
          format,
        ),
      );
    }
    const examples = tasks.map(({ n }) => Math.min(n.validation, numberOf(draft, "examples")));
    return text.data.unlabelled(range(examples, format));
  }
}

function numberOf({ params }: WorkDraft, key: string): number {
  const value = params[key];
  return typeof value === "number" ? value : 0;
}

/** "640", or "640–1,664" where tasks differ. */
function range(counts: readonly number[], format: Formats): string {
  const [low, high] = [Math.min(...counts), Math.max(...counts)];
  return low === high ? format.count(low) : `${format.count(low)}–${format.count(high)}`;
}
