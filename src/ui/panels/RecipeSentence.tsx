import { ListFilter } from "lucide-react";
import { useApp } from "#app/store.ts";
import { useCards } from "../cards.ts";
import { join } from "../controls/Button.tsx";
import { expertIndex, TaskMark } from "../controls/TaskMark.tsx";
import { useFormats } from "../format.ts";
import { useWords } from "../words.ts";
import { Chip } from "./Chip.tsx";
import chipStyles from "./chip.module.css";
import { LAMBDA_ID } from "./LambdaControl.tsx";
import styles from "./recipe.module.css";
import { recipeWords } from "./recipe-words.ts";
import { rulesWords } from "./rules-words.ts";
import { SparsifierChain } from "./SparsifierChain.tsx";

/** base + experts → sparsifiers → method × λ, in chips that open. */
export function RecipeSentence() {
  const text = useWords(recipeWords);
  const experts = useApp((state) => state.recipe?.experts);
  const base = useApp((state) => state.library?.base.label);
  return (
    <fieldset aria-label={text.sentence} className={styles.sentence}>
      <Chip id="base">{base ?? text.base}</Chip>
      {experts?.map(({ id }) => (
        <span key={id} className={styles.word}>
          <Sign says={text.plus}>+</Sign>
          <ExpertChip id={id} />
        </span>
      ))}
      <SparsifierChain />
      <span className={styles.word}>
        <Sign says={text.next}>→</Sign>
        <MethodChip />
      </span>
      <LambdaChip />
      <RulesChip />
    </fieldset>
  );
}

/** A sign that is read out as a word. */
export function Sign({ says, children }: { readonly says: string; readonly children: string }) {
  return (
    <span className={styles.sign}>
      <span aria-hidden="true">{children}</span>
      <span className="visually-hidden">{says}</span>
    </span>
  );
}

function ExpertChip({ id }: { readonly id: string }) {
  const format = useFormats();
  const use = useApp((state) => state.recipe?.experts.find((expert) => expert.id === id));
  const card = useApp((state) => state.library?.experts.find((expert) => expert.id === id));
  const index = useApp((state) => expertIndex(state, id));
  if (!use) return null;
  const steps = card?.checkpoints ?? [];
  const step = use.step ?? steps.at(-1)?.step;
  return (
    <Chip
      id={`expert:${id}`}
      isOff={!use.enabled}
      icon={<TaskMark index={index} size={11} hollow={!use.enabled} />}
    >
      {card?.label ?? id}
      {step === undefined || steps.length < 2 ? null : (
        <span className={styles.at}>@{format.count(step)}</span>
      )}
      {use.weight === 1 ? null : <span className={styles.at}>×{format.at(0.01, use.weight)}</span>}
    </Chip>
  );
}

function MethodChip() {
  const { methods } = useCards();
  const text = useWords(recipeWords);
  const id = useApp((state) => state.recipe?.method.id);
  const card = methods.find((method) => method.id === id);
  return (
    <>
      <Chip id="method">{card?.label ?? id}</Chip>
      {card?.output === "per-task" ? <span className={styles.kind}>{text.perTask}</span> : null}
      {card?.output === "routed" ? <span className={styles.kind}>{text.routed}</span> : null}
    </>
  );
}

function RulesChip() {
  const text = useWords(rulesWords);
  const format = useFormats();
  const count = useApp((state) => state.recipe?.rules.length ?? 0);
  return (
    <Chip id="rules" icon={<ListFilter size={13} aria-hidden />}>
      {text.chip(format.count(count))}
    </Chip>
  );
}

function LambdaChip() {
  const { methods } = useCards();
  const text = useWords(recipeWords);
  const format = useFormats();
  const id = useApp((state) => state.recipe?.method.id);
  const lambda = useApp((state) => state.recipe?.lambda);
  const card = methods.find((method) => method.id === id);
  if (lambda === undefined || card?.lambda === "none") return null;
  return (
    <span className={styles.word}>
      <Sign says={text.times}>×</Sign>
      <button
        type="button"
        className={join(chipStyles.chip, styles.lambdaChip)}
        onClick={() => document.getElementById(LAMBDA_ID)?.focus()}
      >
        λ {format.at(0.01, lambda)}
      </button>
    </span>
  );
}
