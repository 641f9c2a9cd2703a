import { useApp } from "#app/store.ts";
import { setExpertEnabled, setExpertStep, setExpertWeight } from "#core/recipe/edit.ts";
import { Choice } from "../controls/Choice.tsx";
import { Slider } from "../controls/Slider.tsx";
import { Switch } from "../controls/Switch.tsx";
import { expertIndex, TaskMark } from "../controls/TaskMark.tsx";
import { useFormats } from "../format.ts";
import { useWords } from "../words.ts";
import styles from "./recipe.module.css";
import { recipeWords } from "./recipe-words.ts";

/** An expert as a word of the sentence: whether it takes part, its step and its weight. */
export function ExpertChipCard({ id }: { readonly id: string }) {
  const text = useWords(recipeWords);
  const format = useFormats();
  const use = useApp((state) => state.recipe?.experts.find((expert) => expert.id === id));
  const card = useApp((state) => state.library?.experts.find((expert) => expert.id === id));
  const index = useApp((state) => expertIndex(state, id));
  const edit = useApp((state) => state.edit);
  if (!use) return null;

  const name = card?.label ?? id;
  const steps = card?.checkpoints.map((checkpoint) => checkpoint.step) ?? [];
  const last = steps.at(-1);
  const setStep = (value: string) => {
    const step = Number(value);
    edit((recipe) => setExpertStep(recipe, id, step === last ? undefined : step));
  };
  return (
    <>
      <header className={styles.cardHead}>
        <TaskMark index={index} hollow={!use.enabled} />
        <h3 className={styles.cardTitle}>{name}</h3>
        <Switch
          bare
          label={`${text.takesPart}: ${name}`}
          checked={use.enabled}
          onChange={(enabled) => edit((recipe) => setExpertEnabled(recipe, id, enabled))}
        />
      </header>
      <p className={styles.summary}>{text.expertNote}</p>
      <div className={styles.form}>
        {steps.length < 2 || last === undefined ? null : (
          <Choice
            label={text.step}
            help={text.stepHelp}
            options={steps.map((step) => ({ value: String(step), label: format.count(step) }))}
            value={String(use.step ?? last)}
            onChange={setStep}
          />
        )}
        <Slider
          label={text.weight}
          help={text.weightHelp}
          min={Math.min(0, use.weight)}
          max={2}
          step={0.05}
          initial={1}
          value={use.weight}
          onChange={(weight) => edit((recipe) => setExpertWeight(recipe, id, weight))}
        />
      </div>
    </>
  );
}
