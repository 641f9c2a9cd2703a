import { useApp } from "#app/store.ts";
import { setOutDtype } from "#core/recipe/edit.ts";
import { Choice } from "../controls/Choice.tsx";
import { useFormats } from "../format.ts";
import { useWords } from "../words.ts";
import styles from "./recipe.module.css";
import { recipeWords } from "./recipe-words.ts";
import { SeedControl } from "./SeedControl.tsx";

const dtypes = ["base", "f32", "f16", "bf16"] as const;

/** The base and what concerns the whole merge: rounding and seed. */
export function BaseCard() {
  const text = useWords(recipeWords);
  const format = useFormats();
  const base = useApp((state) => state.library?.base);
  const tensors = useApp((state) => state.library?.tensors.length ?? 0);
  const outDtype = useApp((state) => state.recipe?.outDtype);
  const edit = useApp((state) => state.edit);
  if (!base || !outDtype) return null;
  const setDtype = (value: string) => {
    const dtype = dtypes.find((known) => known === value);
    if (dtype) edit((recipe) => setOutDtype(recipe, dtype));
  };
  return (
    <>
      <header className={styles.cardHead}>
        <h3 className={styles.cardTitle}>{base.label}</h3>
      </header>
      <dl className={styles.facts}>
        <dt>{text.parameters}</dt>
        <dd>{format.count(base.parameters)}</dd>
        <dt>{text.tensors}</dt>
        <dd>{format.count(tensors)}</dd>
        <dt>{text.content}</dt>
        <dd>
          <code title={base.id}>{base.id.slice(0, 19)}…</code>
        </dd>
      </dl>
      <div className={styles.form}>
        <Choice
          label={text.dtype}
          help={text.dtypeHelp}
          options={dtypes.map((value) => ({ value, label: text.dtypes[value] }))}
          value={outDtype}
          onChange={setDtype}
        />
        <SeedControl />
      </div>
    </>
  );
}
