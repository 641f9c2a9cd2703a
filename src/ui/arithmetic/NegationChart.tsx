import { useState } from "react";
import { commands } from "#app/commands.ts";
import type { Measured } from "#app/slices/arithmetic.ts";
import { useApp } from "#app/store.ts";
import { scaleVectors } from "#core/recipe/edit-vectors.ts";
import { recipeKey } from "#core/recipe/key.ts";
import type { ExpertId, Recipe } from "#core/recipe/schema.ts";
import type { LibraryCard } from "#core/summary.ts";
import { CONTROL_SHARE, type NegationPoint, type NegationResult } from "#core/talos/negation.ts";
import { ChartFrame } from "../charts/ChartFrame.tsx";
import { type Curve, roundAxis } from "../charts/curve-geometry.ts";
import { RunBar } from "../charts/RunBar.tsx";
import { useTaskName, useTaskNames } from "../charts/task-name.ts";
import { Button } from "../controls/Button.tsx";
import { Choice } from "../controls/Choice.tsx";
import { type Formats, useFormats } from "../format.ts";
import { useWords } from "../words.ts";
import { AlphaPlot } from "./AlphaPlot.tsx";
import styles from "./arithmetic.module.css";
import { arithmeticWords } from "./arithmetic-words.ts";
import { estimateOf, isOfRecipe, markOf, newest } from "./measured.ts";
import { NegationTest } from "./NegationTest.tsx";
import { OnTest } from "./OnTest.tsx";

export type Negation = Measured<NegationPoint, NegationResult>;
type NegationWords = (typeof arithmeticWords)["en"];

interface NegationChartProps {
  readonly library: LibraryCard;
  readonly recipe: Recipe;
  readonly experts: readonly { readonly id: ExpertId; readonly task: string }[];
}

/** What subtracting one expert's vector forgets, and what it spares. */
export function NegationChart(props: NegationChartProps) {
  const { library } = props;
  const words = useWords(arithmeticWords);
  const format = useFormats();
  const taskName = useTaskNames();
  const negation = useApp((state) => state.negation);
  const task = library.experts.find(({ id }) => id === negation?.experts[0])?.task;
  const target = useTaskName(task);
  const curves = negation ? curvesOf(negation, target, words) : [];
  const chance = library.tasks.find(({ id }) => id === task)?.chance;
  const isQuick = curves.some(({ points }) => points.some((point) => point.isQuick));
  const n = curves[0]?.points.at(-1)?.n ?? 0;
  const controls = negation?.points[0]?.controls ?? negation?.quick[0]?.controls ?? [];

  return (
    <ChartFrame
      id="task-negation"
      title={words.negation.title}
      unit={words.negation.unit}
      summary={summaryOf(negation, target.name, words, format)}
      {...(controls.length > 0
        ? {
            note: `${words.negation.controls(format.list(controls.map((one) => taskName(one.task))))} ${isQuick ? words.quickNote : ""}`,
          }
        : {})}
      table={() => tableOf(negation, words, target.name)}
      origin={{
        recipeKey: negation ? recipeKey(negation.recipe) : "",
        sample: words.sample(format.n(n), isQuick),
      }}
      controls={<Controls {...props} negation={negation} />}
    >
      {(width) =>
        negation === undefined || (n === 0 && negation.state !== "running") ? null : (
          <>
            <AlphaPlot
              curves={curves}
              y={roundAxis([0, 1.02, ...curves.flatMap(({ points }) => points.map(({ high }) => high ?? 0))])}
              width={width}
              levels={[
                { y: CONTROL_SHARE, name: words.negation.limit, isNameBelow: true },
                ...(chance === undefined ? [] : [{ y: chance, name: words.negation.chance }]),
              ]}
              chosen={negation.result?.alpha}
            />
            {negation.result?.test ? (
              <OnTest>
                <NegationTest negation={negation} library={library} />
              </OnTest>
            ) : null}
          </>
        )
      }
    </ChartFrame>
  );
}

/** Which task to forget; starts and stops; takes the chosen α into the recipe. */
function Controls({
  recipe,
  experts,
  negation,
}: NegationChartProps & { readonly negation: Negation | undefined }) {
  const words = useWords(arithmeticWords);
  const format = useFormats();
  const taskName = useTaskNames();
  const edit = useApp((state) => state.edit);
  const [wanted, setWanted] = useState<ExpertId>();
  const target = experts.find(({ id }) => id === wanted) ?? experts[0];
  const measured = negation?.experts[0];
  const alpha = negation?.result?.alpha;
  if (!target) return null;
  return (
    <>
      <div className={styles.choices}>
        <Choice
          label={words.negation.target}
          options={experts.map(({ id, task }) => ({ value: id, label: taskName(task) }))}
          value={target.id}
          disabled={negation?.state === "running"}
          onChange={setWanted}
        />
      </div>
      <RunBar
        label={words.negation.label}
        run={negation}
        onStop={() => commands().work((work) => work.stopMeasuring())}
      >
        <Button onClick={() => commands().work((work) => work.measureNegation(target.id))}>
          {measured === target.id ? words.negation.again : words.negation.start}
        </Button>
        {measured === undefined || !alpha ? null : (
          <Button onClick={() => edit((now) => scaleVectors(now, new Map([[measured, -1]]), alpha))}>
            {words.use(format.at(0.05, alpha))}
          </Button>
        )}
      </RunBar>
      {negation && !isOfRecipe(negation, recipe) ? <p className={styles.told}>{words.isOther}</p> : null}
    </>
  );
}

function curvesOf(
  negation: Negation,
  target: { readonly name: string; readonly index: number; readonly colour: string },
  { negation: words }: NegationWords,
): readonly Curve[] {
  const points = newest(negation);
  return [
    {
      id: "target",
      name: words.accuracyOf(target.name),
      colour: target.colour,
      shape: target.index,
      points: points.map(({ point, isQuick }) =>
        markOf(point.alpha, estimateOf(point.target.accuracy), isQuick),
      ),
    },
    {
      id: "kept",
      name: words.kept,
      colour: "var(--ink)",
      // Another shape than the target's.
      shape: target.index === 3 ? 1 : 3,
      dash: "5 3",
      points: points.map(({ point, isQuick }) => markOf(point.alpha, point.estimate, isQuick)),
    },
  ];
}

function summaryOf(
  negation: Negation | undefined,
  task: string,
  { negation: words, unfinished }: NegationWords,
  format: Formats,
): string {
  const result = negation?.result;
  const base = result?.points[0];
  const best = result?.points.find(({ alpha }) => alpha === result.alpha);
  if (!base || !best)
    return !negation ? words.waiting : negation.state === "running" ? words.running : unfinished;
  if (best.alpha === 0) return words.none(task, format.percent(CONTROL_SHARE));
  return words.summary(
    task,
    format.at(0.05, best.alpha),
    format.share(base.target.accuracy),
    format.share(best.target.accuracy),
    format.percent(best.kept),
  );
}

function tableOf(negation: Negation | undefined, words: NegationWords, task: string) {
  const names = [words.negation.accuracyOf(task), words.negation.kept];
  return {
    columns: [
      words.axis,
      ...names.flatMap((name) => [name, words.low(name), words.high(name), `${name}, n`]),
    ],
    rows: newest(negation).map(({ point: { alpha, target, estimate } }) => [
      words.alpha(String(alpha)),
      ...[estimateOf(target.accuracy), estimate].flatMap(({ value, low, high, n }) => [value, low, high, n]),
    ]),
  };
}
