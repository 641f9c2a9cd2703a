import { useEffect, useId, useMemo } from "react";
import { commands } from "#app/commands.ts";
import { useApp } from "#app/store.ts";
import { addSparsifier } from "#core/recipe/edit.ts";
import { recipeKey } from "#core/recipe/key.ts";
import { regionsOnly } from "#core/recipe/regions.ts";
import type { Recipe } from "#core/recipe/schema.ts";
import type { LibraryCard, MaskSummary } from "#core/summary.ts";
import { useStill } from "../charts/use-still.ts";
import { Button } from "../controls/Button.tsx";
import { useWords } from "../words.ts";
import { GainChart } from "./GainChart.tsx";
import { GraftChart } from "./GraftChart.tsx";
import { JaccardChart } from "./JaccardChart.tsx";
import { densities, wholeOf } from "./mask-numbers.ts";
import styles from "./masks.module.css";
import { masksWords } from "./masks-words.ts";
import { OverlapChart } from "./OverlapChart.tsx";
import { PlaceChart } from "./PlaceChart.tsx";
import { RegionTable } from "./RegionTable.tsx";

/** What the sparsifiers leave of each expert: how much, where, shared with whom, and worth what. */
export function MasksPanel() {
  const heading = useId();
  const words = useWords(masksWords);
  const library = useApp((state) => state.library);
  const recipe = useStill(useApp((state) => state.recipe));
  const masks = useStill(useApp((state) => state.masks));
  useWanted();
  const key = useMemo(() => regionsKey(recipe), [recipe]);
  return (
    <section className={styles.panel} aria-labelledby={heading}>
      <h2 id={heading} className="visually-hidden">
        {words.title}
      </h2>
      <p className={styles.intro}>{words.intro}</p>
      {!library || !recipe || !masks ? (
        <p className={styles.empty}>{words.waiting}</p>
      ) : masks.summary ? (
        <Charts
          {...{ library, recipe }}
          summary={masks.summary}
          regions={masks.key}
          isStale={masks.key !== key}
        />
      ) : (
        <Uncounted
          message={masks.failure?.message ?? ""}
          isMissing={masks.failure?.code === "recipe/missing-evidence"}
        />
      )}
    </section>
  );
}

/** Regions are counted while this is on the page. */
function useWanted(): void {
  const patch = useApp((state) => state.patchMasks);
  useEffect(() => {
    patch({ areMasksWanted: true });
    return () => patch({ areMasksWanted: false });
  }, [patch]);
}

/** What the counts are of; a recipe that cannot be read has none. */
function regionsKey(recipe: Recipe | undefined): string {
  try {
    return recipe ? recipeKey(regionsOnly(recipe)) : "";
  } catch {
    return "";
  }
}

function Uncounted({ message, isMissing }: { readonly message: string; readonly isMissing: boolean }) {
  const words = useWords(masksWords);
  return (
    <div className={styles.empty} role="status">
      <p>{isMissing ? words.missing : message}</p>
      {isMissing ? (
        <Button onClick={() => commands().work((work) => work.measureMissing())}>
          {words.measureMissing}
        </Button>
      ) : null}
    </div>
  );
}

export interface MaskChartProps {
  readonly library: LibraryCard;
  readonly recipe: Recipe;
  readonly summary: MaskSummary;
  /** Key of the regions that were counted. */
  readonly regions: string;
}

function Charts({ isStale, ...props }: MaskChartProps & { readonly isStale: boolean }) {
  const words = useWords(masksWords);
  const { summary } = props;
  if (summary.experts.length === 0) return <p className={styles.empty}>{words.noExperts}</p>;
  return (
    <>
      {isStale ? <p className={styles.told}>{words.stale}</p> : null}
      {densities(wholeOf(summary)).every((share) => share > 0.98) ? <WholeVectors /> : null}
      <RegionTable {...props} />
      <PlaceChart {...props} />
      <OverlapChart {...props} />
      <JaccardChart {...props} />
      <GraftChart {...props} />
      <GainChart {...props} />
    </>
  );
}

/** Nothing is dropped: there is one step to regions worth looking at. */
function WholeVectors() {
  const words = useWords(masksWords);
  const edit = useApp((state) => state.edit);
  return (
    <div className={styles.hint}>
      <p>{words.whole}</p>
      <Button onClick={() => edit((recipe) => addSparsifier(recipe, "localize"))}>{words.localize}</Button>
    </div>
  );
}
