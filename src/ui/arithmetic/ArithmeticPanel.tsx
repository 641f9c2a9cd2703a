import { useId, useMemo } from "react";
import { useApp } from "#app/store.ts";
import { useFormats } from "../format.ts";
import { useWords } from "../words.ts";
import { AdditionChart } from "./AdditionChart.tsx";
import styles from "./arithmetic.module.css";
import { arithmeticWords } from "./arithmetic-words.ts";
import { DisentanglementChart } from "./DisentanglementChart.tsx";
import { measurable } from "./measured.ts";
import { NegationChart } from "./NegationChart.tsx";

/** Scaled task vectors: what their sum serves, what subtracting one forgets, where two disturb each other. */
export function ArithmeticPanel() {
  const heading = useId();
  const words = useWords(arithmeticWords);
  const format = useFormats();
  const library = useApp((state) => state.library);
  const recipe = useApp((state) => state.recipe);
  const isReady = useApp((state) => state.libraryState === "ready");
  const experts = useMemo(() => (recipe && library ? measurable(recipe, library) : []), [recipe, library]);
  return (
    <section className={styles.panel} aria-labelledby={heading}>
      <h2 id={heading} className="visually-hidden">
        {words.title}
      </h2>
      <p className={styles.intro}>{words.intro}</p>
      {!isReady || !recipe || !library ? (
        <p className={styles.empty}>{words.waiting}</p>
      ) : experts.length < 2 ? (
        <p className={styles.empty}>{words.needsExperts(format.count(2))}</p>
      ) : (
        <>
          <AdditionChart library={library} recipe={recipe} experts={experts} />
          <NegationChart library={library} recipe={recipe} experts={experts} />
          <DisentanglementChart library={library} recipe={recipe} experts={experts} />
        </>
      )}
    </section>
  );
}
