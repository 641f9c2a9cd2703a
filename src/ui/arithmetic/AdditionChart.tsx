import { commands } from "#app/commands.ts";
import { type ExpertSet, expertSets } from "#app/expert-sets.ts";
import { useApp } from "#app/store.ts";
import { scaleVectors } from "#core/recipe/edit-vectors.ts";
import { recipeKey } from "#core/recipe/key.ts";
import type { ExpertId, Recipe } from "#core/recipe/schema.ts";
import type { LibraryCard } from "#core/summary.ts";
import { ChartFrame } from "../charts/ChartFrame.tsx";
import type { Curve } from "../charts/curve-geometry.ts";
import { roundAxis } from "../charts/curve-geometry.ts";
import { RunBar } from "../charts/RunBar.tsx";
import { Button } from "../controls/Button.tsx";
import { useFormats } from "../format.ts";
import { useWords } from "../words.ts";
import { AdditionTest } from "./AdditionTest.tsx";
import { AlphaPlot } from "./AlphaPlot.tsx";
import { type Addition, type NamedAddition, nameOf } from "./addition.ts";
import { useAdditionSummary } from "./addition-summary.ts";
import styles from "./arithmetic.module.css";
import { arithmeticWords } from "./arithmetic-words.ts";
import { isOfRecipe, markOf, newest } from "./measured.ts";
import { OnTest } from "./OnTest.tsx";

interface AdditionChartProps {
  readonly library: LibraryCard;
  readonly recipe: Recipe;
  readonly experts: readonly { readonly id: ExpertId; readonly task: string }[];
}

/** How well α Σ τ serves all tasks, by α; another set of experts beside it where there is one. */
export function AdditionChart({ library, recipe, experts }: AdditionChartProps) {
  const words = useWords(arithmeticWords);
  const format = useFormats();
  const addition = useApp((state) => state.addition);
  const other = useApp((state) => state.otherAddition);
  const sets = expertSets(library);
  const named = [addition, other].flatMap((one): NamedAddition[] =>
    one
      ? [
          {
            name: nameOf(one.experts, sets) ?? (one === addition ? words.experts : words.others),
            addition: one,
          },
        ]
      : [],
  );
  const curves = named.map(curveOf);
  const summary = useAdditionSummary(named);
  const isQuick = curves.some(({ points }) => points.some((point) => point.isQuick));
  const n = Math.max(0, ...curves.flatMap(({ points }) => points.map((point) => point.n ?? 0)));

  return (
    <ChartFrame
      id="task-addition"
      title={words.addition.title}
      unit={words.addition.unit}
      summary={summary}
      {...(isQuick ? { note: words.quickNote } : {})}
      table={() => tableOf(named, words)}
      origin={{
        recipeKey: addition ? recipeKey(addition.recipe) : "",
        sample: words.sample(format.n(n), isQuick),
      }}
      controls={<Controls {...{ library, recipe, experts, addition, other, sets }} />}
    >
      {(width) =>
        n === 0 && addition?.state !== "running" ? null : (
          <>
            <AlphaPlot
              curves={curves}
              y={roundAxis([
                1.02,
                ...curves.flatMap(({ points }) => points.flatMap(({ low, high }) => [low ?? 0, high ?? 0])),
              ])}
              width={width}
              levels={[{ y: 1, name: words.addition.level, isNameAtEnd: true }]}
              chosen={addition?.result?.alpha}
            />
            {addition?.result ? (
              <OnTest>
                <AdditionTest measured={named} />
              </OnTest>
            ) : null}
          </>
        )
      }
    </ChartFrame>
  );
}

interface ControlsProps extends AdditionChartProps {
  readonly addition: Addition | undefined;
  readonly other: Addition | undefined;
  readonly sets: readonly ExpertSet[];
}

/** Starts and stops; takes the chosen α into the recipe; shows the test score on request. */
function Controls({ library, recipe, experts, addition, other, sets }: ControlsProps) {
  const words = useWords(arithmeticWords);
  const format = useFormats();
  const edit = useApp((state) => state.edit);
  const run = other?.state === "running" ? other : addition;
  const result = addition?.result;
  const ids = experts.map(({ id }) => id);
  const isOther =
    addition !== undefined && (!isOfRecipe(addition, recipe) || !sameSet(addition.experts, ids));
  const tasks = new Set(experts.map(({ task }) => task));
  const taskOf = (id: ExpertId) => library.experts.find((card) => card.id === id)?.task ?? "";
  const rivals = sets
    .map((set) => ({ ...set, experts: set.experts.filter((id) => tasks.has(taskOf(id))) }))
    .filter((set) => set.experts.length > 1 && !sameSet(set.experts, ids));

  return (
    <>
      <RunBar
        label={words.addition.label}
        run={run}
        onStop={() => commands().work((work) => work.stopMeasuring())}
      >
        <Button onClick={() => commands().work((work) => work.measureAddition())}>
          {addition ? words.addition.again : words.addition.start}
        </Button>
        {result && addition ? (
          <Button
            onClick={() =>
              edit((now) => scaleVectors(now, new Map(addition.experts.map((id) => [id, 1])), result.alpha))
            }
          >
            {words.use(format.at(0.05, result.alpha))}
          </Button>
        ) : null}
        {rivals.map((set) => (
          <Button
            key={set.id}
            look="quiet"
            onClick={() => commands().work((work) => work.measureOtherAddition(set.experts))}
          >
            {words.addition.compare(set.label || words.others)}
          </Button>
        ))}
      </RunBar>
      {isOther ? <p className={styles.told}>{words.isOther}</p> : null}
    </>
  );
}

function sameSet(a: readonly ExpertId[], b: readonly ExpertId[]): boolean {
  return a.length === b.length && a.every((id) => b.includes(id));
}

function curveOf({ name, addition }: NamedAddition, k: number): Curve {
  const points = newest(addition).map(({ point, isQuick }) => markOf(point.alpha, point.estimate, isQuick));
  return k === 0
    ? { id: "own", name, colour: "var(--gold-mark)", shape: 0, points }
    : { id: "other", name, colour: "var(--ink)", shape: 1, dash: "5 3", points };
}

function tableOf(named: readonly NamedAddition[], words: (typeof arithmeticWords)["en"]) {
  const { addition, low, high } = words;
  const share = addition.normalised;
  return {
    columns: [addition.of, words.axis, share, low(share), high(share), addition.accuracy, words.n],
    rows: named.flatMap(({ name, addition: one }) =>
      newest(one).map(({ point: { alpha, estimate, accuracy } }) => [
        `${name}, α ${alpha}`,
        alpha,
        estimate.value,
        estimate.low,
        estimate.high,
        accuracy,
        estimate.n,
      ]),
    ),
  };
}
