import { lazy, Suspense, useMemo, useState } from "react";
import { shownReport } from "#app/selectors.ts";
import { useApp } from "#app/store.ts";
import { setAllSteps } from "#core/recipe/edit.ts";
import { recipeKey } from "#core/recipe/key.ts";
import type { Recipe } from "#core/recipe/schema.ts";
import type { LibraryCard } from "#core/summary.ts";
import { useFormats } from "../format.ts";
import { useWords } from "../words.ts";
import { ChartFrame } from "./ChartFrame.tsx";
import { hardWords } from "./hard-words.ts";
import { TaskChoice } from "./TaskChoice.tsx";
import { useTaskName } from "./task-name.ts";
import styles from "./trajectory.module.css";
import { chosenSteps, type StepPoint, stepPoints, taskExperts } from "./trajectory-points.ts";
import { trajectoryWords } from "./trajectory-words.ts";
import { useStill } from "./use-still.ts";

const TrajectoryLines = lazy(async () => ({
  default: (await import("./TrajectoryLines.tsx")).TrajectoryLines,
}));

const HEIGHT = 208;

interface StopStepChartProps {
  readonly library: LibraryCard;
  readonly recipe: Recipe;
}

/** Accuracy over training steps: better alone, worse together. */
export function StopStepChart({ library, recipe }: StopStepChartProps) {
  const words = useWords(trajectoryWords);
  const all = useWords(hardWords).all;
  const [task, setTask] = useState<string>();
  const { name, colour } = useTaskName(task);
  const { points, chosen, base, isEarlier } = useSteps(library, recipe, task);
  const hasMerged = points.some(({ merged }) => merged);
  const about = isEarlier ? words.earlier : hasMerged ? words.quick : words.waiting;

  return (
    <ChartFrame
      id="stop-step"
      title={words.title}
      unit={words.unit}
      summary={useSummary(points)}
      note={about}
      table={() => tableOf(points, words)}
      origin={{ recipeKey: recipeKey(recipe), sample: useSample(points) }}
      controls={<TaskChoice value={task} onChange={setTask} />}
    >
      {(width) => (
        <div className={styles.lines}>
          <Suspense fallback={null}>
            <TrajectoryLines
              points={points}
              chosen={chosen}
              base={base}
              colour={task === undefined ? "var(--gold-mark)" : colour}
              isEarlier={isEarlier}
              width={width}
              height={HEIGHT}
              label={words.label(task === undefined ? all : name)}
            />
          </Suspense>
        </div>
      )}
    </ChartFrame>
  );
}

/** The stop-step chart of the recipe on screen; nothing before the library is known. */
export function LiveStopStep() {
  const library = useStill(useApp((state) => state.library));
  const recipe = useStill(useApp((state) => state.recipe));
  // With one checkpoint each there is no choice to show.
  const hasSteps = library?.experts.some(({ checkpoints }) => checkpoints.length > 1) ?? false;
  return library && recipe && hasSteps ? <StopStepChart library={library} recipe={recipe} /> : null;
}

function useSteps(library: LibraryCard, recipe: Recipe, task: string | undefined) {
  const trajectories = useStill(useApp((state) => state.trajectories));
  const probes = useStill(useApp((state) => state.stepProbes));
  const report = useStill(useApp(shownReport));
  const experts = useMemo(
    () => taskExperts(library.experts).filter((one) => task === undefined || one.task === task),
    [library, task],
  );
  const points = useMemo(
    () => stepPoints(experts, trajectories, probes.points),
    [experts, trajectories, probes],
  );
  const base =
    task === undefined ? report?.mean.base?.value : baseOf(report?.tasks.find((one) => one.task === task));
  const wanted = useMemo(() => recipeKey(setAllSteps(recipe, undefined)), [recipe]);
  const isEarlier = probes.points.length > 0 && probes.key !== wanted;
  const chosen = useMemo(() => chosenSteps(recipe, library.experts, experts), [recipe, library, experts]);
  return { points, chosen, base, isEarlier };
}

function baseOf(
  task: { readonly references: { readonly base?: { readonly k: number; readonly n: number } } } | undefined,
) {
  const base = task?.references.base;
  return base && base.n > 0 ? base.k / base.n : undefined;
}

function useSummary(points: readonly StepPoint[]): string {
  const words = useWords(trajectoryWords);
  const format = useFormats();
  const own = bestStep(points, "own");
  const merged = bestStep(points, "merged");
  return own === undefined || merged === undefined
    ? ""
    : words.summary(format.count(own), format.count(merged));
}

/** On how many examples each line stands. */
function useSample(points: readonly StepPoint[]): string {
  const words = useWords(trajectoryWords);
  const format = useFormats();
  const n = (of: "own" | "merged") => format.n(points.findLast((point) => point[of])?.[of]?.n ?? 0);
  return words.sample(n("own"), n("merged"));
}

function bestStep(points: readonly StepPoint[], of: "own" | "merged"): number | undefined {
  let best: { step: number; value: number } | undefined;
  for (const { step, [of]: estimate } of points) {
    if (estimate && (best === undefined || estimate.value > best.value))
      best = { step, value: estimate.value };
  }
  return best?.step;
}

function tableOf(points: readonly StepPoint[], words: (typeof trajectoryWords)["en"]) {
  const { table, own, merged } = words;
  return {
    columns: [
      table.step,
      ...[own, merged].flatMap((name) => [name, table.low(name), table.high(name), `${name}, n`]),
    ],
    rows: points.map((point) => [
      point.step,
      ...[point.own, point.merged].flatMap((one) => [one?.value, one?.low, one?.high, one?.n]),
    ]),
  };
}
