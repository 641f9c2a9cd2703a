import type { LambdaProbe } from "#app/slices/runs.ts";
import { useApp } from "#app/store.ts";
import { setLambda } from "#core/recipe/edit.ts";
import { useCards } from "../cards.ts";
import { Slider, type SliderMark } from "../controls/Slider.tsx";
import { useFormats } from "../format.ts";
import { areLambdaProbesStale } from "../probe-keys.ts";
import { useWords } from "../words.ts";
import styles from "./recipe.module.css";
import { recipeWords } from "./recipe-words.ts";

/** Fewer tries say little about where the best λ lies. */
const FEWEST_TRIES = 3;
const STEP = 0.05;

/** Id of the λ slider, so that the sentence can lead to it. */
export const LAMBDA_ID = "lambda";

/** λ on a slider with the best of a few quick tries as a ghost mark; the reason where a method has none. */
export function LambdaControl() {
  const text = useWords(recipeWords);
  const { methods } = useCards();
  const id = useApp((state) => state.recipe?.method.id);
  const lambda = useApp((state) => state.recipe?.lambda);
  const edit = useApp((state) => state.edit);
  const marks = useMarks();
  const card = methods.find((method) => method.id === id);
  if (!card || lambda === undefined) return null;
  if (card.lambda === "none") {
    return <p className={styles.noLambda}>{text.lambdaNone(card.label)}</p>;
  }
  return (
    <Slider
      id={LAMBDA_ID}
      label={text.lambda}
      help={text.lambdaHelp}
      min={Math.min(0, lambda)}
      max={Math.max(card.lambda.max, lambda)}
      step={STEP}
      initial={card.lambda.default}
      value={lambda}
      marks={marks}
      className={styles.lambda}
      onChange={(next) => edit((recipe) => setLambda(recipe, next))}
    />
  );
}

function useMarks(): readonly SliderMark[] {
  const text = useWords(recipeWords);
  const format = useFormats();
  const points = useApp((state) => state.lambdaProbes.points);
  const isStale = useApp(areLambdaProbesStale);
  const pinned = useApp((state) => state.pinned?.recipe.lambda);
  const lambda = useApp((state) => state.recipe?.lambda);
  const n = useApp((state) => state.library?.tasks.reduce((sum, task) => sum + task.n.quick, 0) ?? 0);

  const best = isStale || points.length < FEWEST_TRIES ? undefined : bestOf(points);
  const marks: SliderMark[] = [];
  if (best) {
    const label = text.best(
      format.at(0.01, best.lambda),
      format.percent(best.mean),
      points.length,
      format.n(n),
    );
    marks.push({ kind: "best", value: best.lambda, label });
  }
  if (pinned !== undefined && pinned !== lambda) {
    marks.push({ kind: "pinned", value: pinned, label: text.pinnedLambda(format.at(0.01, pinned)) });
  }
  return marks;
}

/** The first of equals, which is the smaller λ. */
function bestOf(points: readonly LambdaProbe[]): LambdaProbe | undefined {
  return points.reduce<LambdaProbe | undefined>(
    (best, point) => (best === undefined || point.mean > best.mean ? point : best),
    undefined,
  );
}
