import { memo } from "react";
import { Bar, BarChart, CartesianGrid, ErrorBar, Tooltip, XAxis, YAxis } from "recharts";
import { useFormats } from "../format.ts";
import { useWords } from "../words.ts";
import { ChartTip } from "./ChartTip.tsx";
import { hardWords } from "./hard-words.ts";
import type { RetentionBin } from "./pool.ts";

interface DecileBarsProps {
  readonly bins: readonly RetentionBin[];
  readonly colour: string;
  readonly width: number;
  readonly height: number;
  /** Its accessible name. */
  readonly label: string;
}

const TICKS = [0, 0.25, 0.5, 0.75, 1];
const MARGIN = { top: 8, right: 4, bottom: 14, left: 0 };

/** Retention by difficulty as bars with intervals. For settled numbers: drawing it takes longer than a frame. */
export const DecileBars = memo(function DecileBars({ bins, colour, width, height, label }: DecileBarsProps) {
  const words = useWords(hardWords);
  const format = useFormats();
  const data = bins.map(({ from, to, retention }, i) => ({
    name: bins.length === 2 ? (words.halfNames[i] ?? "") : String(i + 1),
    range: words.bin(format.number(100 * from), format.number(100 * to)),
    value: retention?.value ?? null,
    error: retention ? [retention.value - retention.low, retention.high - retention.value] : [0, 0],
    retention,
  }));

  return (
    <BarChart width={width} height={height} data={data} margin={MARGIN} barCategoryGap="18%" title={label}>
      <CartesianGrid vertical={false} stroke="var(--line)" />
      <XAxis
        dataKey="name"
        interval={0}
        tickLine={false}
        stroke="var(--line-strong)"
        tick={{ fill: "var(--muted)", fontSize: 12 }}
        label={{
          value: words.axis,
          position: "insideBottom",
          offset: -10,
          fill: "var(--muted)",
          fontSize: 12,
        }}
      />
      <YAxis
        domain={[0, 1]}
        ticks={TICKS}
        width={34}
        tickLine={false}
        axisLine={false}
        tick={{ fill: "var(--muted)", fontSize: 12 }}
        tickFormatter={(share: number) => String(Math.round(100 * share))}
      />
      <Tooltip
        isAnimationActive={false}
        cursor={{ fill: "var(--sunken)" }}
        content={({ active, payload }) => {
          const bin = active ? data.find(({ name }) => name === payload[0]?.payload.name) : undefined;
          return bin ? (
            <ChartTip title={bin.range} rows={[{ name: words.retention, estimate: bin.retention, colour }]} />
          ) : null;
        }}
      />
      <Bar
        dataKey="value"
        name={words.retention}
        isAnimationActive={false}
        fill={colour}
        fillOpacity={0.55}
        stroke={colour}
        radius={[2, 2, 0, 0]}
      >
        <ErrorBar
          dataKey="error"
          width={4}
          strokeWidth={1.25}
          stroke="var(--ink)"
          isAnimationActive={false}
        />
      </Bar>
    </BarChart>
  );
});
