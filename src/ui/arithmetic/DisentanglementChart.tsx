import { useState } from "react";
import { commands } from "#app/commands.ts";
import type { Measured } from "#app/slices/arithmetic.ts";
import { useApp } from "#app/store.ts";
import { scaleVectors } from "#core/recipe/edit-vectors.ts";
import { recipeKey } from "#core/recipe/key.ts";
import type { ExpertId, Recipe } from "#core/recipe/schema.ts";
import type { LibraryCard } from "#core/summary.ts";
import type { DisentanglementPoint } from "#core/talos/disentanglement.ts";
import { ChartFrame } from "../charts/ChartFrame.tsx";
import { RunBar } from "../charts/RunBar.tsx";
import { Button } from "../controls/Button.tsx";
import { Choice } from "../controls/Choice.tsx";
import { type Formats, useFormats } from "../format.ts";
import { useWords } from "../words.ts";
import styles from "./arithmetic.module.css";
import { arithmeticWords } from "./arithmetic-words.ts";
import { ErrorMapStage } from "./ErrorMapStage.tsx";
import { insideSquare, type MapSize, mapSizes, pointAt } from "./error-map.ts";
import { isOfRecipe } from "./measured.ts";

type Disentanglement = Measured<DisentanglementPoint>;
type Words = (typeof arithmeticWords)["en"];

/** Examples of the quick subset. */
const QUICK = 256;

interface DisentanglementChartProps {
  readonly library: LibraryCard;
  readonly recipe: Recipe;
  readonly experts: readonly { readonly id: ExpertId; readonly task: string }[];
}

/** Where adding two task vectors changes what each of them does alone. */
export function DisentanglementChart(props: DisentanglementChartProps) {
  const { library } = props;
  const words = useWords(arithmeticWords);
  const format = useFormats();
  const measured = useApp((state) => state.disentanglement);
  const [place, setPlace] = useState<readonly [number, number]>([1, 1]);
  const points = measured?.points ?? [];
  const label = (id: ExpertId | undefined) =>
    library.experts.find((card) => card.id === id)?.label ?? id ?? "";
  const names = [label(measured?.experts[0]), label(measured?.experts[1])] as const;
  const n = format.n(points[0]?.error.n ?? 0);

  return (
    <ChartFrame
      id="disentanglement"
      title={words.map.title}
      unit={words.map.unit}
      summary={summaryOf(points, words, format)}
      table={() => tableOf(points, words)}
      origin={{ recipeKey: measured ? recipeKey(measured.recipe) : "", sample: words.map.sample(n) }}
      controls={<Controls {...props} measured={measured} />}
    >
      {(width) =>
        points.length === 0 ? null : (
          <ErrorMapStage points={points} names={names} width={width} place={place} onPlace={setPlace}>
            {measured ? <UsePlace measured={measured} place={place} /> : null}
          </ErrorMapStage>
        )
      }
    </ChartFrame>
  );
}

/** Takes the cursor's scales into the recipe. */
function UsePlace({
  measured,
  place: [a, b],
}: {
  readonly measured: Disentanglement;
  readonly place: readonly [number, number];
}) {
  const words = useWords(arithmeticWords).map;
  const format = useFormats();
  const edit = useApp((state) => state.edit);
  const [first, second] = measured.experts;
  if (first === undefined || second === undefined) return null;
  const weights = new Map([
    [first, a],
    [second, b],
  ]);
  return (
    <div className={styles.actions}>
      <Button
        aria-description={words.sense(format.number(a), format.number(b))}
        onClick={() => edit((now) => scaleVectors(now, weights, 1))}
      >
        {words.use}
      </Button>
    </div>
  );
}

/** Which two experts and how fine; starts and stops. */
function Controls({
  library,
  recipe,
  experts,
  measured,
}: DisentanglementChartProps & { readonly measured: Disentanglement | undefined }) {
  const words = useWords(arithmeticWords);
  const format = useFormats();
  const [wanted, setWanted] = useState<readonly [ExpertId?, ExpertId?]>([]);
  const [size, setSize] = useState<MapSize>(13);
  const ids = experts.map(({ id }) => id);
  const known = (id: ExpertId | undefined) => (id !== undefined && ids.includes(id) ? id : undefined);
  const first = known(wanted[0]) ?? ids[0] ?? "";
  const second = known(wanted[1]) ?? ids.find((id) => id !== first) ?? "";
  const options = experts.map(({ id }) => ({
    value: id,
    label: library.experts.find((card) => card.id === id)?.label ?? id,
  }));
  const isSame = first === second;
  const isRunning = measured?.state === "running";
  return (
    <>
      <div className={styles.choices}>
        <Choice
          label={words.map.first}
          options={options}
          value={first}
          disabled={isRunning}
          onChange={(id) => setWanted([id, second])}
        />
        <Choice
          label={words.map.second}
          options={options}
          value={second}
          disabled={isRunning}
          onChange={(id) => setWanted([first, id])}
        />
        <Choice
          label={words.map.grid}
          options={mapSizes.map((points) => ({ value: String(points), label: words.map.size(points) }))}
          value={String(size)}
          disabled={isRunning}
          onChange={(value) => setSize(mapSizes.find((points) => String(points) === value) ?? 13)}
        />
      </div>
      <RunBar
        label={words.map.label}
        run={measured}
        onStop={() => commands().work((work) => work.stopMeasuring())}
      >
        <Button
          disabled={isSame}
          onClick={() => commands().work((work) => work.measureDisentanglement(first, second, size))}
        >
          {measured ? words.map.again : words.map.start}
        </Button>
        <span className={styles.told}>
          {isSame ? words.map.same : words.map.cost(format.count(size * size), format.count(2 * QUICK))}
        </span>
      </RunBar>
      {measured && !isOfRecipe(measured, recipe) ? <p className={styles.told}>{words.isOther}</p> : null}
    </>
  );
}

function summaryOf(points: readonly DisentanglementPoint[], { map: words }: Words, format: Formats): string {
  if (points.length === 0) return words.waiting;
  const inside = insideSquare(points);
  const one = pointAt(points, 1, 1)?.error;
  if (!inside || !one) return words.partly;
  return words.summary(
    format.at(0.01, inside.mean),
    format.at(0.01, inside.most),
    format.at(0.01, one.value),
    `${format.at(0.01, one.low)}–${format.at(0.01, one.high)}`,
    format.n(one.n),
  );
}

function tableOf(points: readonly DisentanglementPoint[], words: Words) {
  const { map, low, high, n } = words;
  return {
    columns: [map.place, "α₁", "α₂", map.error, low(map.error), high(map.error), n],
    rows: points.map(({ alphas: [a, b], error }) => [
      `α₁ ${a}, α₂ ${b}`,
      a,
      b,
      error.value,
      error.low,
      error.high,
      error.n,
    ]),
  };
}
