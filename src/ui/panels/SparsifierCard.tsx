import { ChevronLeft, ChevronRight, Trash2 } from "lucide-react";
import { useApp } from "#app/store.ts";
import { moveSparsifier, removeSparsifier, setSparsifierParam, toggleSparsifier } from "#core/recipe/edit.ts";
import { useCards } from "../cards.ts";
import { IconButton } from "../controls/Button.tsx";
import { Switch } from "../controls/Switch.tsx";
import { useWords } from "../words.ts";
import { About } from "./About.tsx";
import { ParamForm } from "./ParamForm.tsx";
import styles from "./recipe.module.css";
import { recipeWords } from "./recipe-words.ts";
import { SeedControl } from "./SeedControl.tsx";

/** One sparsifier of the chain: on or off, its place, its controls, formula and source. */
export function SparsifierCard({ index }: { readonly index: number }) {
  const text = useWords(recipeWords);
  const { sparsifiers } = useCards();
  const use = useApp((state) => state.recipe?.sparsifiers[index]);
  const count = useApp((state) => state.recipe?.sparsifiers.length ?? 0);
  const edit = useApp((state) => state.edit);
  const patchView = useApp((state) => state.patchView);
  if (!use) return null;

  const card = sparsifiers.find((sparsifier) => sparsifier.id === use.id);
  const label = card?.label ?? use.id;
  const moveTo = (to: number) => {
    edit((recipe) => moveSparsifier(recipe, index, to));
    patchView({ openChip: `sparsifier:${to}` });
  };
  const remove = () => {
    edit((recipe) => removeSparsifier(recipe, index));
    patchView({ openChip: undefined });
  };
  return (
    <>
      <header className={styles.cardHead}>
        <h3 className={styles.cardTitle}>{label}</h3>
        <Switch
          bare
          label={`${text.enabled}: ${label}`}
          checked={use.enabled}
          onChange={(enabled) => edit((recipe) => toggleSparsifier(recipe, index, enabled))}
        />
        <span className={styles.cardButtons}>
          <IconButton
            label={text.earlier}
            icon={<ChevronLeft size={16} aria-hidden />}
            disabled={index === 0}
            onClick={() => moveTo(index - 1)}
          />
          <IconButton
            label={text.later}
            icon={<ChevronRight size={16} aria-hidden />}
            disabled={index === count - 1}
            onClick={() => moveTo(index + 1)}
          />
          <IconButton label={text.remove(label)} icon={<Trash2 size={15} aria-hidden />} onClick={remove} />
        </span>
      </header>
      {card ? (
        <>
          <p className={styles.summary}>{card.summary}</p>
          <ParamForm
            controls={card.controls}
            params={use.params}
            disabled={!use.enabled}
            onChange={(key, value) => edit((recipe) => setSparsifierParam(recipe, index, key, value))}
          />
          {card.usesSeed ? <SeedControl /> : null}
          <About card={card} />
        </>
      ) : (
        <p role="alert">{text.unknown(use.id)}</p>
      )}
    </>
  );
}
