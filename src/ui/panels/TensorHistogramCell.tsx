import { memo, useMemo } from "react";
import { useApp } from "#app/store.ts";
import type { TensorCard } from "#core/summary.ts";
import { HistogramStrip, StripCut, type StripSeries, stripEnd } from "../charts/HistogramStrip.tsx";
import { quantileOfBins } from "../charts/histogram-path.ts";
import { siteView } from "../tensor-sites.ts";
import { useTensorText } from "./tensor-text.ts";

/** An expert as the table draws it. */
export interface ShownExpert {
  readonly id: string;
  readonly label: string;
  /** Position of its task: decides colour and shape. */
  readonly task: number;
}

interface Props {
  readonly card: TensorCard;
  readonly experts: readonly ShownExpert[];
}

/** The |τ| histogram of one tensor for one expert, or several overlaid. */
export const TensorHistogramCell = memo(function TensorHistogramCell({ card, experts }: Props) {
  const stats = useApp((state) => state.stats[card.name]);
  const { words, format } = useTensorText();
  const series = useMemo(
    () =>
      experts.flatMap(({ id, task }): StripSeries[] => {
        const found = stats?.experts.find((entry) => entry.expert === id);
        return found ? [{ id, task, bins: found.histogram, max: found.max }] : [];
      }),
    [stats, experts],
  );
  if (series.length === 0) return null;

  const nameOf = (id: string) => experts.find((expert) => expert.id === id)?.label ?? id;
  const label = series.map(({ id, max }) => words.histogramOf(nameOf(id), format.number(max))).join("; ");
  const end = stripEnd(series);
  return (
    <HistogramStrip series={series} label={label}>
      {series.map((entry) => (
        <Cut key={entry.id} card={card} series={entry} end={end} isAlone={series.length === 1} />
      ))}
    </HistogramStrip>
  );
});

interface CutProps {
  readonly card: TensorCard;
  readonly series: StripSeries;
  readonly end: number;
  readonly isAlone: boolean;
}

/** The gold line moves with the drop rate: read off the bins until the merge answers with the exact cut. */
function Cut({ card, series, end, isAlone }: CutProps) {
  const { threshold, rate, isCutBySize } = useApp((state) => siteView(state, card, [series.id]));
  if (threshold !== undefined) return <StripCut at={threshold / end} isAlone={isAlone} />;
  if (!isCutBySize || rate === undefined) return null;
  return <StripCut at={quantileOfBins(series.bins, series.max, rate) / end} isAlone={isAlone} />;
}
