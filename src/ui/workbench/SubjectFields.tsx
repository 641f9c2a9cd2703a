import { useMemo } from "react";
import { useApp } from "#app/store.ts";
import { subjectsOf, suggestedLabel, taskOf } from "#app/work-drafts.ts";
import { hasOwnVectors } from "#core/recipe/alone.ts";
import { roles } from "#core/recipe/schema.ts";
import { useCards } from "../cards.ts";
import { Button } from "../controls/Button.tsx";
import { Choice } from "../controls/Choice.tsx";
import { TextField } from "../controls/TextField.tsx";
import { useFormats } from "../format.ts";
import { useWords } from "../words.ts";
import { benchWords } from "./bench-words.ts";
import { evidenceName } from "./evidence-name.ts";
import { evidenceWords } from "./evidence-words.ts";
import type { OpenForm } from "./use-form.ts";
import styles from "./workbench.module.css";

/** Stands for the base, for all experts, for all tensors: no id is like it. */
const ANY = "*";

type Subject = Pick<OpenForm, "draft" | "change">;

/** What a training is for, what it starts from, and what its expert is called. */
export function TrainFields({ draft, change }: Subject) {
  const text = useWords(benchWords);
  const library = useApp((state) => state.library);
  const experts = useExpertOptions();
  const task = library && taskOf(draft, library);
  if (!library || !task) return null;
  return (
    <>
      <Choice
        label={text.task}
        options={library.tasks.map(({ id, label }) => ({ value: id, label }))}
        value={task.id}
        onChange={(id) => change({ task: id })}
      />
      <TextField
        label={text.name}
        help={text.nameHelp}
        value={draft.label}
        placeholder={suggestedLabel(task, library)}
        onChange={(label) => change({ label })}
      />
      <Choice
        label={text.from}
        help={text.fromHelp}
        options={[{ value: ANY, label: text.base }, ...experts]}
        value={experts.some(({ value }) => value === draft.expert) ? (draft.expert ?? ANY) : ANY}
        onChange={(id) => change({ expert: id === ANY ? undefined : id })}
      />
    </>
  );
}

/** Which mask the training is held to, or how to get one. */
export function MaskField({ draft, change }: Subject) {
  const text = useWords(benchWords);
  const words = useWords(evidenceWords);
  const format = useFormats();
  const library = useApp((state) => state.library);
  const evidence = useApp((state) => state.evidence);
  const openForm = useApp((state) => state.openForm);
  const masks = useMemo(() => evidence.filter(({ about }) => about.kind === "mask"), [evidence]);
  const task = library && taskOf(draft, library);
  if (masks.length === 0) {
    return (
      <p className={styles.hint}>
        {text.noMask(task?.label ?? "")}
        <Button onClick={() => openForm("calibrate")}>{text.toMask}</Button>
      </p>
    );
  }
  const options = masks.map((card) => ({
    value: card.id,
    label: [evidenceName(card, library, words), format.percent(card.density ?? 0)].join(", "),
  }));
  return (
    <Choice
      label={text.mask}
      help={text.maskHelp}
      options={options}
      value={draft.mask ?? ""}
      onChange={(mask) => change({ mask })}
    />
  );
}

/** Which experts are measured. */
export function ExpertField({ draft, change }: Subject) {
  const text = useWords(benchWords);
  const recipe = useApp((state) => state.recipe);
  const library = useApp((state) => state.library);
  const experts = useExpertOptions();
  const all = recipe && library ? subjectsOf({ recipe, library }, undefined).length : 0;
  return (
    <Choice
      label={text.expert}
      help={text.expertHelp}
      options={[{ value: ANY, label: text.all(all) }, ...experts]}
      value={experts.some(({ value }) => value === draft.expert) ? (draft.expert ?? ANY) : ANY}
      onChange={(id) => change({ expert: id === ANY ? undefined : id })}
    />
  );
}

/** In which tensors a region may lie. */
export function RoleField({ draft, change }: Subject) {
  const text = useWords(benchWords);
  const tensors = useApp((state) => state.library?.tensors);
  const present = useMemo(
    () => roles.filter((role) => tensors?.some((tensor) => tensor.role === role)),
    [tensors],
  );
  return (
    <Choice
      label={text.within}
      help={text.withinHelp}
      options={[
        { value: ANY, label: text.everywhere },
        ...present.map((role) => ({ value: role, label: text.roles[role] })),
      ]}
      value={draft.role ?? ANY}
      onChange={(value) => change({ role: present.find((role) => role === value) })}
    />
  );
}

/** What coefficients are of, where the recipe makes something else of its experts than their task vectors. */
export function VectorsField({ draft, change }: Subject) {
  const text = useWords(benchWords);
  const { methods } = useCards();
  const method = useApp(({ recipe }) => (recipe && hasOwnVectors(recipe) ? recipe.method.id : undefined));
  if (method === undefined) return null;
  const label = methods.find(({ id }) => id === method)?.label ?? method;
  return (
    <Choice
      label={text.vectors}
      help={text.vectorsHelp}
      options={[
        { value: "recipe", label: text.ofRecipe(label) },
        { value: ANY, label: text.asTheyAre },
      ]}
      value={draft.isOfRecipe ? "recipe" : ANY}
      onChange={(value) => change({ isOfRecipe: value === "recipe" })}
    />
  );
}

/** Experts with a task, at their stop steps. */
function useExpertOptions() {
  const text = useWords(benchWords);
  const format = useFormats();
  const recipe = useApp((state) => state.recipe);
  const library = useApp((state) => state.library);
  return useMemo(() => {
    const experts = library?.experts.filter(({ task }) => task !== undefined) ?? [];
    return experts.map(({ id, label, checkpoints }) => {
      const step = recipe?.experts.find((one) => one.id === id)?.step ?? checkpoints.at(-1)?.step ?? 0;
      return { value: id, label: text.at(label, format.count(step)) };
    });
  }, [recipe, library, text, format]);
}
