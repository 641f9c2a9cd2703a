import { useMemo, useState } from "react";
import { commands } from "#app/commands.ts";
import { type CurveGraft, curveGrafts } from "#app/grafts.ts";
import type { Grafted } from "#app/slices/masks.ts";
import { useApp } from "#app/store.ts";
import type { RegionKind } from "#core/recipe/regions.ts";
import type { ExpertId } from "#core/recipe/schema.ts";
import { ChartFrame } from "../charts/ChartFrame.tsx";
import { CurvePlot } from "../charts/CurvePlot.tsx";
import { type Axis, type Curve, roundAxis } from "../charts/curve-geometry.ts";
import { RunBar } from "../charts/RunBar.tsx";
import { Button } from "../controls/Button.tsx";
import { Choice } from "../controls/Choice.tsx";
import { taskColour } from "../controls/TaskMark.tsx";
import { type Formats, useFormats } from "../format.ts";
import { useWords } from "../words.ts";
import type { MaskChartProps } from "./MasksPanel.tsx";
import { type MaskExpert, useMaskExperts } from "./mask-experts.ts";
import { gainBack } from "./mask-numbers.ts";
import styles from "./masks.module.css";
import { masksWords } from "./masks-words.ts";

type Words = (typeof masksWords)["en"];

const axis: Axis = { low: 0.0007, high: 0.7, ticks: [0.001, 0.01, 0.1, 0.5], isLog: true };
/** Where the sentence reads the curves. */
const READ_AT = 0.05;

/** How much of an expert's gain comes back with a share of its changes, by how that share is chosen. */
export function GainChart({ library, recipe, summary, regions }: MaskChartProps) {
  const words = useWords(masksWords);
  const format = useFormats();
  const experts = useMaskExperts(summary);
  const evidence = useApp((state) => state.evidence);
  const grafted = useApp((state) => state.grafted);
  const [wanted, setWanted] = useState<ExpertId>();
  const expert = experts.find(({ id }) => id === wanted) ?? experts[0];
  const plan = useMemo(
    () => expert && curveGrafts(recipe, library, evidence, expert.id),
    [recipe, library, evidence, expert],
  );
  if (!expert || !plan) return null;
  const base = grafted[plan.base.key];
  const whole = grafted[plan.whole.key];
  const curves = base && whole ? curvesOf(plan.points, grafted, base, whole, expert, words) : [];
  const isQuick = curves.some(({ points }) => points.some((point) => point.isQuick));
  const hasPoints = curves.some(({ points }) => points.length > 0);
  const hasMask = plan.points.some(({ kind }) => kind === "trained");
  const isHopeless =
    base && whole && whole.accuracy.k / whole.accuracy.n <= base.accuracy.k / base.accuracy.n;

  return (
    <ChartFrame
      id="region-gain"
      title={words.gain.title}
      unit={words.gain.unit}
      summary={isHopeless ? words.gain.noGain : summaryOf(curves, words, format)}
      note={[hasMask ? "" : words.gain.noMask, isQuick ? words.graft.quick : ""].filter(Boolean).join(" ")}
      table={() => tableOf(curves, words)}
      origin={{ recipeKey: regions, sample: words.graft.sample(format.n(whole?.accuracy.n ?? 0), isQuick) }}
      controls={
        <Controls
          experts={experts}
          expert={expert}
          missing={missingOf([plan.base, plan.whole, ...plan.points.map(({ graft }) => graft)], grafted)}
          onChoose={setWanted}
        />
      }
    >
      {(width) =>
        hasPoints ? (
          <CurvePlot
            curves={curves}
            x={axis}
            y={roundAxis([
              1.02,
              0,
              ...curves.flatMap(({ points }) => points.flatMap(({ low, high }) => [low ?? 0, high ?? 0])),
            ])}
            xName={words.gain.axis}
            width={width}
            levels={[{ y: 1, name: words.gain.whole }]}
            cursorName={words.gain.cursor}
            formatX={(x) => shareText(x, format)}
            titleOf={(x) => words.gain.at(shareText(x, format))}
            formatY={(y) => format.percent(y)}
            formatTick={(y) => format.count(100 * y)}
          />
        ) : null
      }
    </ChartFrame>
  );
}

interface ControlsProps {
  readonly experts: readonly MaskExpert[];
  readonly expert: MaskExpert;
  /** Models that are not measured on the whole split yet. */
  readonly missing: number;
  onChoose(expert: ExpertId): void;
}

function Controls({ experts, expert, missing, onChoose }: ControlsProps) {
  const words = useWords(masksWords).gain;
  const format = useFormats();
  const run = useApp((state) => (state.graftRun?.of.kind === "curve" ? state.graftRun : undefined));
  const isReady = useApp((state) => state.libraryState === "ready");
  return (
    <>
      <div className={styles.choices}>
        <Choice
          label={words.expert}
          options={experts.map(({ id, label }) => ({ value: id, label }))}
          value={expert.id}
          onChange={onChoose}
        />
      </div>
      <RunBar label={words.label} run={run} onStop={() => commands().work((work) => work.stopRegions())}>
        {missing === 0 ? (
          <span className={styles.told}>{words.done}</span>
        ) : (
          <>
            <Button
              disabled={!isReady}
              onClick={() => commands().work((work) => work.measureGain(expert.id))}
            >
              {words.start}
            </Button>
            <span className={styles.told}>{words.cost(format.count(missing))}</span>
          </>
        )}
      </RunBar>
    </>
  );
}

function missingOf(
  grafts: readonly { readonly key: string }[],
  grafted: Readonly<Record<string, Grafted>>,
): number {
  return grafts.filter(({ key }) => grafted[key]?.subset !== "full").length;
}

function curvesOf(
  points: readonly CurveGraft[],
  grafted: Readonly<Record<string, Grafted>>,
  base: Grafted,
  whole: Grafted,
  { index }: MaskExpert,
  { gain: words }: Words,
): readonly Curve[] {
  const looks: Readonly<Record<RegionKind, Pick<Curve, "colour" | "shape" | "dash">>> = {
    trained: { colour: "var(--gold-mark)", shape: 5 },
    magnitude: { colour: taskColour(index), shape: index === 5 ? 0 : index },
    sensitivity: { colour: "var(--ink)", shape: index === 4 ? 1 : 4, dash: "2 3" },
    random: { colour: "var(--muted)", shape: index === 3 ? 1 : 3, dash: "5 3" },
  };
  const kinds = [...new Set(points.map(({ kind }) => kind))];
  return kinds.map((kind) => ({
    id: kind,
    name: words.kinds[kind],
    ...looks[kind],
    points: points.flatMap(({ kind: of, density, graft }) => {
      const one = of === kind ? grafted[graft.key] : undefined;
      const back = one && gainBack(one.accuracy, base.accuracy, whole.accuracy);
      if (!one || !back) return [];
      const isQuick = [one, base, whole].some(({ subset }) => subset === "quick");
      return [{ x: density, y: back.value, low: back.low, high: back.high, n: back.n, isQuick }];
    }),
  }));
}

function summaryOf(curves: readonly Curve[], { gain: words }: Words, format: Formats): string {
  const read = (kind: RegionKind) =>
    curves.find(({ id }) => id === kind)?.points.find(({ x }) => x === READ_AT)?.y;
  const [magnitude, random] = [read("magnitude"), read("random")];
  const trained = curves.find(({ id }) => id === "trained")?.points[0];
  const parts = [
    magnitude === undefined || random === undefined
      ? words.waiting
      : words.summary(shareText(READ_AT, format), format.percent(magnitude), format.percent(random)),
    trained ? words.trained(shareText(trained.x, format), format.percent(trained.y)) : "",
  ];
  return parts.filter(Boolean).join(" ");
}

/** A share of the weights, without the zeros that a measured one has: "0.1 %". */
function shareText(share: number, format: Formats): string {
  return `${format.number(100 * share)}\u202f%`;
}

function tableOf(curves: readonly Curve[], words: Words) {
  const { gain, graft } = words;
  return {
    columns: [gain.kind, gain.density, graft.gain, words.low(graft.gain), words.high(graft.gain), words.n],
    rows: curves.flatMap(({ name, points }) =>
      points.map(({ x, y, low, high, n }) => [`${name}, ${x}`, x, y, low, high, n]),
    ),
  };
}
