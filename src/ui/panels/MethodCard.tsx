import { lazy, Suspense } from "react";
import { useApp } from "#app/store.ts";
import { setMethodParam } from "#core/recipe/edit.ts";
import { useCards } from "../cards.ts";
import { ErrorBoundary } from "../ErrorBoundary.tsx";
import { useWords } from "../words.ts";
import { About } from "./About.tsx";
import { MethodMenu } from "./MethodMenu.tsx";
import { ParamForm } from "./ParamForm.tsx";
import styles from "./recipe.module.css";
import { recipeWords } from "./recipe-words.ts";

const OptimisationBlock = lazy(async () => ({
  default: (await import("../doge/OptimisationBlock.tsx")).OptimisationBlock,
}));

const KeptEnergy = lazy(async () => ({
  default: (await import("../method-notes/KeptEnergy.tsx")).KeptEnergy,
}));

/** The merge method: choice, controls, formula, source. Knows no method by name. */
export function MethodCard() {
  const text = useWords(recipeWords);
  const { methods } = useCards();
  const id = useApp((state) => state.recipe?.method.id ?? "");
  const params = useApp((state) => state.recipe?.method.params);
  const edit = useApp((state) => state.edit);
  const hasNotes = useApp((state) => state.summary?.tensors.some(({ note }) => note) ?? false);
  const card = methods.find((method) => method.id === id);

  return (
    <>
      <header className={styles.cardHead}>
        <h3 className={styles.cardTitle}>{text.method}</h3>
        <MethodMenu chosen={id} />
      </header>
      {card && params ? (
        <>
          <p className={styles.summary}>{card.summary}</p>
          {card.output === "per-task" ? <p className={styles.note}>{text.perTaskNote}</p> : null}
          {card.output === "routed" ? <p className={styles.note}>{text.routedNote}</p> : null}
          <ParamForm
            controls={card.controls}
            params={params}
            onChange={(key, value) => edit((recipe) => setMethodParam(recipe, key, value))}
          />
          {card.isOptimised ? (
            <ErrorBoundary>
              <Suspense>
                <OptimisationBlock />
              </Suspense>
            </ErrorBoundary>
          ) : null}
          {hasNotes ? (
            <ErrorBoundary>
              <Suspense>
                <KeptEnergy />
              </Suspense>
            </ErrorBoundary>
          ) : null}
          <About card={card} />
        </>
      ) : (
        <p role="alert">{text.unknown(id)}</p>
      )}
    </>
  );
}
