import { Dices } from "lucide-react";
import { useId } from "react";
import { useApp } from "#app/store.ts";
import { setSeed } from "#core/recipe/edit.ts";
import { IconButton } from "../controls/Button.tsx";
import { Field } from "../controls/Field.tsx";
import { NumberEntry } from "../controls/NumberEntry.tsx";
import { useWords } from "../words.ts";
import styles from "./recipe.module.css";
import { recipeWords } from "./recipe-words.ts";

const MAX_SEED = 0xffff_ffff;
/** Drawn seeds stay short enough to be read out. */
const DRAWN = 10_000;

/** The seed of all random masks. */
export function SeedControl() {
  const text = useWords(recipeWords);
  const id = useId();
  const seed = useApp((state) => state.recipe?.seed);
  const edit = useApp((state) => state.edit);
  if (seed === undefined) return null;
  const set = (next: number) => edit((recipe) => setSeed(recipe, next));
  return (
    <Field label={text.seed} controlId={id} help={text.seedHelp} helpId={`${id}-help`}>
      <span className={styles.seed}>
        <NumberEntry
          id={id}
          describedBy={`${id}-help`}
          min={0}
          max={MAX_SEED}
          step={1}
          value={seed}
          onChange={set}
        />
        <IconButton
          label={text.newSeed}
          icon={<Dices size={16} aria-hidden />}
          onClick={() => set(Math.floor(Math.random() * DRAWN))}
        />
      </span>
    </Field>
  );
}
