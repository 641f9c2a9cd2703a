import type { Described } from "#core/described.ts";
import { Formula } from "../controls/Formula.tsx";
import { useWords } from "../words.ts";
import styles from "./recipe.module.css";
import { recipeWords } from "./recipe-words.ts";

/** What a card is: its formula, where it comes from, and where it departs from that. */
export function About({ card }: { readonly card: Described }) {
  const text = useWords(recipeWords);
  const { paper, section, code, deviations } = card.source;
  return (
    <div className={styles.about}>
      <Formula id={card.id} label={`${text.formulaOf(card.label)}: ${card.summary}`} />
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
      {deviations.length === 0 ? null : (
        <details className={styles.more}>
          <summary>
            {text.deviations} ({deviations.length})
          </summary>
          <ul className={styles.deviations}>
            {deviations.map((deviation) => (
              <li key={deviation}>{deviation}</li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}
