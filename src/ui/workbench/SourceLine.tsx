import { useApp } from "#app/store.ts";
import type { Source } from "#core/described.ts";
import recipe from "../panels/recipe.module.css";
import { useWords } from "../words.ts";
import { benchWords } from "./bench-words.ts";

/** Which paper a piece of work is after, and where it departs from it. */
export function SourceLine({ source }: { readonly source: Source | undefined }) {
  const text = useWords(benchWords);
  const language = useApp((state) => state.language);
  if (!source) return null;
  const { paper, section, code, deviations } = source;
  const parts = [
    paper + (section === undefined ? "" : `, § ${section}`),
    ...(code === undefined ? [] : [code]),
  ];
  return (
    <div className={recipe.about}>
      <p className={recipe.source}>
        <span className="muted">{text.source}</span> {parts.join(" · ")}
      </p>
      {deviations.length === 0 ? null : (
        <details className={recipe.more}>
          <summary>{text.differs(deviations.length)}</summary>
          <ul className={recipe.deviations} lang={language === "en" ? undefined : "en"}>
            {deviations.map((deviation) => (
              <li key={deviation}>{deviation}</li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}
