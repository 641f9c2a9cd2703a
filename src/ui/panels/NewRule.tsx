import { Plus } from "lucide-react";
import { type FormEvent, useId, useState } from "react";
import { useApp } from "#app/store.ts";
import { addRule } from "#core/recipe/edit.ts";
import type { Matcher } from "#core/recipe/match.ts";
import { type Role, type Rule, roles } from "#core/recipe/schema.ts";
import { Button } from "../controls/Button.tsx";
import { Choice } from "../controls/Choice.tsx";
import { Field } from "../controls/Field.tsx";
import { NumberEntry } from "../controls/NumberEntry.tsx";
import { useFormats } from "../format.ts";
import { useWords } from "../words.ts";
import styles from "./rules.module.css";
import { rulesWords } from "./rules-words.ts";
import { tensorWords } from "./tensor-words.ts";

const whats = ["density", "lambda", "weight", "keep"] as const;
type What = (typeof whats)[number];

/** Value that a new rule starts with, and its range, as typed: drop rates in percent. */
const values = {
  density: { initial: 50, min: 0, max: 100, step: 1 },
  lambda: { initial: 0.3, min: -2, max: 2, step: 0.05 },
  weight: { initial: 1, min: -2, max: 2, step: 0.05 },
} as const;

/** A form that adds a rule by glob and role; it says how many tensors would match before anything changes. */
export function NewRule({ matcher }: { readonly matcher: Matcher }) {
  const text = useWords(rulesWords);
  const { roles: roleNames } = useWords(tensorWords);
  const format = useFormats();
  const id = useId();
  const edit = useApp((state) => state.edit);
  const experts = useApp((state) => state.library?.experts);
  const [glob, setGlob] = useState("");
  const [role, setRole] = useState("");
  const [what, setWhat] = useState<What>("density");
  const [value, setValue] = useState<number>(values.density.initial);
  const [expert, setExpert] = useState("");

  const match = matchOf(glob, role);
  const matched = matcher(match).length;
  const isPerExpert = what === "density" || what === "weight";
  const choose = (next: string) => {
    const known = whats.find((candidate) => candidate === next) ?? "density";
    setWhat(known);
    if (known !== "keep") setValue(values[known].initial);
  };
  const add = (event: FormEvent) => {
    event.preventDefault();
    if (matched === 0) return;
    edit((recipe) => addRule(recipe, ruleOf(match, what, value, isPerExpert ? expert : "")));
  };

  return (
    <form className={styles.form} aria-label={text.form} onSubmit={add}>
      <h4>{text.form}</h4>
      <Field label={text.names} controlId={id} help={text.namesHelp} helpId={`${id}-help`}>
        <input
          id={id}
          type="text"
          aria-describedby={`${id}-help`}
          className={styles.glob}
          placeholder={text.namesHint}
          value={glob}
          maxLength={500}
          spellCheck={false}
          onChange={(event) => setGlob(event.currentTarget.value)}
        />
      </Field>
      <Choice
        label={text.roleField}
        options={[
          { value: "", label: text.everyRole },
          ...roles.map((r) => ({ value: r, label: roleNames[r] })),
        ]}
        value={role}
        onChange={setRole}
      />
      <Choice
        label={text.what}
        options={whats.map((option) => ({ value: option, label: text.whats[option] }))}
        value={what}
        onChange={choose}
      />
      {what === "keep" ? null : (
        <Field label={what === "density" ? text.percent : text.value} controlId={`${id}-value`}>
          <NumberEntry id={`${id}-value`} {...values[what]} value={value} onChange={setValue} />
        </Field>
      )}
      {isPerExpert ? (
        <Choice
          label={text.expert}
          options={[
            { value: "", label: text.everyExpert },
            ...(experts ?? []).map((card) => ({ value: card.id, label: card.label })),
          ]}
          value={expert}
          onChange={setExpert}
        />
      ) : null}
      <div className={styles.actions}>
        <Button icon={<Plus size={14} aria-hidden />} type="submit" disabled={matched === 0}>
          {text.add}
        </Button>
        <span className="muted" aria-live="polite">
          {matched === 0 ? text.noMatch : text.matches(format.count(matched))}
        </span>
      </div>
    </form>
  );
}

function matchOf(glob: string, role: string): Rule["match"] {
  const known: Role | undefined = roles.find((candidate) => candidate === role);
  return { ...(glob === "" ? {} : { glob }), ...(known && { role: known }) };
}

/** @param value as typed: drop rates in percent */
function ruleOf(match: Rule["match"], what: What, value: number, expert: string): Rule {
  const forOne = expert === "" ? {} : { experts: [expert] };
  if (what === "keep") return { match, set: {}, keep: "base" };
  return { match, ...forOne, set: { [what]: what === "density" ? 1 - value / 100 : value } };
}
