import { X } from "lucide-react";
import { useMemo } from "react";
import { useApp } from "#app/store.ts";
import { removeRule } from "#core/recipe/edit.ts";
import { createMatcher, type Matcher } from "#core/recipe/match.ts";
import type { Role, Rule } from "#core/recipe/schema.ts";
import { IconButton } from "../controls/Button.tsx";
import { type Formats, useFormats } from "../format.ts";
import { useWords, type Words } from "../words.ts";
import { NewRule } from "./NewRule.tsx";
import recipeStyles from "./recipe.module.css";
import styles from "./rules.module.css";
import { rulesWords } from "./rules-words.ts";
import { tensorWords } from "./tensor-words.ts";

/** Names of a hand edit that are spelled out. */
const SHOWN_NAMES = 2;

type Text = typeof rulesWords extends Words<infer T> ? T : never;

/** The recipe's rules in their order, and a form for a new one. */
export function RulesCard() {
  const text = useWords(rulesWords);
  const rules = useApp((state) => state.recipe?.rules);
  const matcher = useMatcher();
  return (
    <>
      <header className={recipeStyles.cardHead}>
        <h3 className={recipeStyles.cardTitle}>{text.title}</h3>
      </header>
      <p className="muted">{text.note}</p>
      {rules && rules.length > 0 ? (
        <ol className={styles.list}>
          {rules.map((rule, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a rule is known by its place
            <RuleRow key={index} rule={rule} index={index} matcher={matcher} />
          ))}
        </ol>
      ) : (
        <p>{text.none}</p>
      )}
      <NewRule matcher={matcher} />
    </>
  );
}

/** Finds the tensors of a match among the base's. */
function useMatcher(): Matcher {
  const tensors = useApp((state) => state.library?.tensors);
  return useMemo(() => createMatcher(tensors ?? []), [tensors]);
}

interface RuleRowProps {
  readonly rule: Rule;
  readonly index: number;
  readonly matcher: Matcher;
}

function RuleRow({ rule, index, matcher }: RuleRowProps) {
  const text = useWords(rulesWords);
  const { roles: roleNames } = useWords(tensorWords);
  const format = useFormats();
  const edit = useApp((state) => state.edit);
  const matched = matcher(rule.match).length;
  const label = matchWords(rule, text, roleNames, format);
  return (
    <li className={styles.rule}>
      <span className={styles.match}>{label}</span>
      <span className="muted">{matched === 0 ? text.noMatch : text.matches(format.count(matched))}</span>
      <span className={styles.set}>{setWords(rule, text, format).join(" · ")}</span>
      <IconButton
        label={text.remove(label)}
        icon={<X size={14} aria-hidden />}
        onClick={() => edit((recipe) => removeRule(recipe, index))}
      />
    </li>
  );
}

function matchWords(
  { match: { names, glob, role } }: Rule,
  text: Text,
  roleNames: Readonly<Record<Role, string>>,
  format: Formats,
): string {
  const parts: string[] = [];
  if (names) {
    const more = names.length - SHOWN_NAMES;
    parts.push(text.tensors(names.slice(0, SHOWN_NAMES).join(", "), more > 0 ? format.count(more) : ""));
  }
  if (glob !== undefined) parts.push(text.glob(glob));
  if (role) parts.push(text.role(roleNames[role]));
  return parts.join(", ") || text.all;
}

function setWords({ set, keep, experts }: Rule, text: Text, format: Formats): readonly string[] {
  const parts = Object.entries(set).map(([key, value]) => {
    if (key === "density") return text.dropRate(format.percent(1 - Number(value)));
    if (key === "lambda") return text.lambda(format.at(0.01, Number(value)));
    if (key === "weight") return text.weight(format.at(0.01, Number(value)));
    return text.other(key, String(value));
  });
  if (keep !== undefined) parts.push(keep === "base" ? text.keepBase : text.keepExpert(keep));
  if (experts) parts.push(text.onlyFor(experts.join(", ")));
  return parts;
}
