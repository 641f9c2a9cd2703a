import { lazy, Suspense } from "react";
import type { Described } from "#core/described.ts";
import { useWords } from "../words.ts";
import styles from "./recipe.module.css";
import { recipeWords } from "./recipe-words.ts";

const Formula = lazy(async () => ({ default: (await import("../controls/Formula.tsx")).Formula }));

/** What a card is: its formula, where it comes from, and where it departs from that, and what it does at the edge. */
export function About({ card }: { readonly card: Described }) {
  const text = useWords(recipeWords);
  const { paper, section, code, deviations } = card.source;
  return (
    <div className={styles.about}>
      <Suspense fallback={null}>
        <Formula id={card.id} label={`${text.formulaOf(card.label)}: ${card.summary}`} />
      </Suspense>
      <p className={styles.source}>
        <span className="muted">{text.source}</span> {paper}
        {section === undefined ? null : `, ${/^\d/.test(section) ? text.section(section) : section}`}
        {code === undefined ? null : (
          <>
            {" · "}
            <span className="muted">{text.code}</span> {code}
          </>
        )}
      </p>
      <Sentences title={text.deviations} list={deviations} />
      <Sentences title={text.edges} list={card.edges ?? []} />
    </div>
  );
}

function Sentences({ title, list }: { readonly title: string; readonly list: readonly string[] }) {
  if (list.length === 0) return null;
  return (
    <details className={styles.more}>
      <summary>
        {title} ({list.length})
      </summary>
      <ul className={styles.deviations}>
        {list.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
    </details>
  );
}
