import { LibraryBig } from "lucide-react";
import { lazy, Suspense } from "react";
import { shownPass } from "#app/slices/pass.ts";
import { useApp } from "#app/store.ts";
import { applyPreset } from "#core/recipe/edit.ts";
import { useCards } from "../cards.ts";
import { Button } from "../controls/Button.tsx";
import { MenuButton } from "../controls/MenuButton.tsx";
import { ErrorBoundary } from "../ErrorBoundary.tsx";
import { useWords } from "../words.ts";
import { EvidenceNeeds } from "./EvidenceNeeds.tsx";
import { LambdaControl } from "./LambdaControl.tsx";
import { MergeWarnings } from "./MergeWarnings.tsx";
import { OpenChipCard } from "./OpenChipCard.tsx";
import { RecipeSentence } from "./RecipeSentence.tsx";
import styles from "./recipe.module.css";
import { recipeWords } from "./recipe-words.ts";

/** The recipe as a sentence, λ, and the controls of the part that is open. */
export function RecipePanel() {
  const text = useWords(recipeWords);
  const isKnown = useApp((state) => state.recipe !== undefined);
  return (
    <div className={styles.panel}>
      <header className={styles.head}>
        <h2 className="pane-title">{text.title}</h2>
        <PresetMenu />
      </header>
      {isKnown ? (
        <>
          <RecipeSentence />
          <LambdaControl />
          <EvidenceNeeds />
          <Optimisation />
          <MergeWarnings />
          <OpenChipCard />
        </>
      ) : (
        <p className="muted" role="status">
          {text.loading}
        </p>
      )}
    </div>
  );
}

const OptimisationBar = lazy(async () => ({
  default: (await import("../doge/OptimisationBar.tsx")).OptimisationBar,
}));

/** How far the method's optimisation is, where it has one. */
function Optimisation() {
  const isShown = useApp((state) => shownPass(state) !== undefined);
  return isShown ? (
    <ErrorBoundary>
      <Suspense>
        <OptimisationBar />
      </Suspense>
    </ErrorBoundary>
  ) : null;
}

function PresetMenu() {
  const text = useWords(recipeWords);
  const { presets } = useCards();
  const edit = useApp((state) => state.edit);
  const isKnown = useApp((state) => state.recipe !== undefined);
  const actions = presets.map((preset) => ({
    id: preset.id,
    label: preset.label,
    note: preset.summary,
    run: () => edit((recipe) => applyPreset(recipe, preset)),
  }));
  const trigger = (
    <Button
      look="quiet"
      disabled={!isKnown}
      icon={<LibraryBig size={14} aria-hidden />}
      title={text.presetsNote}
    >
      {text.presets}
    </Button>
  );
  return <MenuButton trigger={trigger} groups={[{ id: "presets", actions }]} align="end" />;
}
