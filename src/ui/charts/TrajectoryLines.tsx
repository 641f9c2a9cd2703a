import { memo } from "react";
import { CartesianGrid, ErrorBar, Line, LineChart, ReferenceLine, Tooltip, XAxis, YAxis } from "recharts";
import type { Estimate } from "#core/eval/report.ts";
import { useFormats } from "../format.ts";
import { useWords } from "../words.ts";
import { ChartTip } from "./ChartTip.tsx";
import { ChosenMarks } from "./ChosenMarks.tsx";
import type { ChosenStep, StepPoint } from "./trajectory-points.ts";
import { trajectoryWords } from "./trajectory-words.ts";

interface TrajectoryLinesProps {
  readonly points: readonly StepPoint[];
  readonly chosen: readonly ChosenStep[];
  /** Accuracy of the base: where all the training started. */
  readonly base: number | undefined;
  readonly colour: string;
  /** The merged line belongs to an earlier recipe. */
  readonly isEarlier: boolean;
  readonly width: number;
  readonly height: number;
  /** Its accessible name. */
  readonly label: string;
}

const MARGIN = { top: 22, right: 84, bottom: 14, left: 0 };
const INK = "var(--ink)";
const AXIS_TEXT = { fill: "var(--muted)", fontSize: 12 };

/** Two lines over the training steps, with intervals and the recipe's own steps. Drawing them takes longer than a frame. */
export const TrajectoryLines = memo(function TrajectoryLines(props: TrajectoryLinesProps) {
  const { points, chosen, base, colour, isEarlier, width, height, label } = props;
  const words = useWords(trajectoryWords);
  const format = useFormats();
  const data = points.map(({ step, own, merged }) => ({
    step,
    own: own?.value ?? null,
    ownError: errorOf(own),
    merged: merged?.value ?? null,
    mergedError: errorOf(merged),
  }));
  const steps = points.map(({ step }) => step);
  const domain = domainOf(points, base);
  const percent = (share: number) => String(Math.round(100 * share));

  return (
    <LineChart width={width} height={height} data={data} margin={MARGIN} title={label}>
      <CartesianGrid vertical={false} stroke="var(--line)" />
      <XAxis
        dataKey="step"
        type="number"
        scale="log"
        domain={[(first: number) => first / 1.25, (last: number) => last * 1.15]}
        allowDataOverflow
        ticks={steps}
        interval="preserveStartEnd"
        tickLine={false}
        stroke="var(--line-strong)"
        tick={AXIS_TEXT}
        label={{ ...AXIS_TEXT, value: words.axis, position: "insideBottom", offset: -10 }}
      />
      <YAxis
        domain={domain}
        width={34}
        ticks={ticksOf(domain)}
        tickLine={false}
        axisLine={false}
        tick={AXIS_TEXT}
        tickFormatter={percent}
      />
      {base === undefined ? null : (
        <ReferenceLine
          y={base}
          stroke="var(--line-strong)"
          strokeDasharray="2 2"
          label={{ ...AXIS_TEXT, value: words.base(format.percent(base)), position: "right" }}
        />
      )}
      {chosen.map(({ step, tasks }) => (
        <ReferenceLine
          key={step}
          x={step}
          stroke="var(--muted)"
          label={({ viewBox }) => <ChosenMarks tasks={tasks} x={viewBox.x} y={viewBox.y - 10} />}
        />
      ))}
      <Tooltip
        isAnimationActive={false}
        cursor={{ stroke: "var(--line-strong)" }}
        content={({ active, payload }) => {
          const point = active ? points.find(({ step }) => step === payload[0]?.payload.step) : undefined;
          if (!point) return null;
          const rows = [
            { name: words.own, estimate: point.own, colour: INK },
            { name: words.merged, estimate: point.merged, colour },
          ];
          return <ChartTip title={words.step(format.count(point.step))} rows={rows} />;
        }}
      />
      <Line
        dataKey="own"
        name={words.own}
        isAnimationActive={false}
        stroke={INK}
        strokeWidth={1.25}
        dot={<ExpertDot />}
        activeDot={false}
        label={<EndLabel text={words.own} last={lastOf(points, "own")} dy={-2} />}
      >
        <ErrorBar dataKey="ownError" width={3} stroke={INK} strokeOpacity={0.5} isAnimationActive={false} />
      </Line>
      <Line
        dataKey="merged"
        name={words.merged}
        isAnimationActive={false}
        stroke={colour}
        strokeWidth={2}
        strokeOpacity={isEarlier ? 0.4 : 1}
        strokeDasharray={isEarlier ? "4 3" : ""}
        dot={{ r: 4, fill: isEarlier ? "var(--surface)" : colour, stroke: colour }}
        activeDot={false}
        label={<EndLabel text={words.merged} last={lastOf(points, "merged")} dy={10} />}
      >
        <ErrorBar dataKey="mergedError" width={3} stroke={colour} isAnimationActive={false} />
      </Line>
    </LineChart>
  );
});

interface EndLabelProps {
  readonly text: string;
  readonly last: number;
  readonly dy: number;
  // Filled in by the chart.
  readonly index?: number;
  readonly x?: number;
  readonly y?: number;
}

/** The line's name beside its last point. */
function EndLabel({ text, last, dy, index, x, y }: EndLabelProps) {
  if (index !== last || x === undefined || y === undefined) return null;
  return (
    <text x={x + 9} y={y + dy} fill={INK} fontSize={12}>
      {text}
    </text>
  );
}

function ExpertDot({ cx, cy }: { readonly cx?: number; readonly cy?: number }) {
  if (cx === undefined || cy === undefined || !Number.isFinite(cy)) return null;
  return <path d={`M${cx},${cy - 5}l4.5,5l-4.5,5l-4.5,-5z`} fill={INK} />;
}

function errorOf(estimate: Estimate | undefined): readonly [number, number] {
  return estimate ? [estimate.value - estimate.low, estimate.high - estimate.value] : [0, 0];
}

function lastOf(points: readonly StepPoint[], of: "own" | "merged"): number {
  return points.findLastIndex((point) => point[of]);
}

/** From below the base, or the lowest interval, to the highest one, in twentieths. */
function domainOf(points: readonly StepPoint[], base: number | undefined): [number, number] {
  const estimates = points.flatMap(({ own, merged }) => [own, merged]).filter((one) => one !== undefined);
  const low = Math.min(base ?? 1, ...estimates.map((one) => one.low));
  const high = Math.max(base ?? 0, ...estimates.map((one) => one.high));
  if (low > high) return [0, 1];
  return [Math.max(0, Math.floor(20 * low - 0.2) / 20), Math.min(1, Math.ceil(20 * high) / 20)];
}

/** Round shares inside the domain, a few of them. */
function ticksOf([low, high]: readonly [number, number]): number[] {
  const span = high - low;
  const step = span > 0.6 ? 0.2 : span > 0.35 ? 0.1 : 0.05;
  const count = Math.floor((high - low) / step + 1e-9);
  const first = Math.ceil(low / step - 1e-9) * step;
  return Array.from({ length: count + 1 }, (_, i) => first + i * step).filter((tick) => tick <= high + 1e-9);
}
