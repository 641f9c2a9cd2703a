import { useApp } from "#app/store.ts";
import { setAllSteps } from "#core/recipe/edit.ts";
import { chosenCommonStep, commonSteps, setCommonStep } from "../common-steps.ts";
import { Choice } from "../controls/Choice.tsx";
import { useFormats } from "../format.ts";
import { useWords } from "../words.ts";
import styles from "./library.module.css";
import { libraryWords } from "./library-words.ts";

const LAST = "last";
const MIXED = "mixed";

/** One step for all experts. */
export function AllSteps() {
  const text = useWords(libraryWords);
  const format = useFormats();
  const library = useApp((state) => state.library);
  const chosen = useApp(chosenCommonStep);
  const edit = useApp((state) => state.edit);
  if (!library) return null;
  const steps = commonSteps(library);
  if (steps.length < 2) return null;

  const value = chosen === undefined ? MIXED : String(chosen);
  const options = [
    ...(value === MIXED ? [{ value: MIXED, label: text.mixed }] : []),
    ...steps.map((step) => ({ value: String(step), label: format.count(step) })),
    { value: LAST, label: text.last },
  ];
  const choose = (next: string) => {
    if (next === LAST) edit((recipe) => setAllSteps(recipe, undefined));
    else if (next !== MIXED) edit((recipe) => setCommonStep(recipe, library, Number(next)));
  };
  return (
    <Choice
      label={text.allSteps}
      help={text.allStepsHelp}
      options={options}
      value={value}
      className={styles.all}
      onChange={choose}
    />
  );
}
