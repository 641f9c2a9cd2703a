import { useMemo } from "react";
import type { Pass } from "#app/slices/pass.ts";
import { useApp } from "#app/store.ts";
import { ChartFrame } from "../charts/ChartFrame.tsx";
import type { ChartTable } from "../charts/csv.ts";
import { expertIndex } from "../controls/TaskMark.tsx";
import { useFormats } from "../format.ts";
import { useWords } from "../words.ts";
import { dogeWords } from "./doge-words.ts";
import { EnergyBars, type PassExpert } from "./EnergyBars.tsx";
import { energySummary, median } from "./energy.ts";

interface EnergyChartProps {
  readonly recipeKey: string;
  readonly layers: NonNullable<Pass["layers"]>;
  readonly made: Pass["made"];
}

/** How much of every expert's change lies in the subspace that the modification keeps out of, and how strongly it counts. */
export function EnergyChart({ recipeKey, layers, made }: EnergyChartProps) {
  const words = useWords(dogeWords).energy;
  const format = useFormats();
  const experts = usePassExperts();
  const isFree = layers.every(({ rank }) => rank === 0);
  return (
    <ChartFrame
      id="optimisation-energy"
      title={words.title}
      unit={words.unit}
      summary={useSummary(layers)}
      {...(made && { note: madeNote(made, words, format) })}
      table={() => tableOf({ layers, made }, experts, words.columns)}
      origin={{ recipeKey, sample: words.sample(format.count(layers.length)) }}
    >
      {(width) => (isFree ? null : <EnergyBars layers={layers} experts={experts} width={width} />)}
    </ChartFrame>
  );
}

function useSummary(layers: EnergyChartProps["layers"]): string {
  const words = useWords(dogeWords).energy;
  const format = useFormats();
  const { median, timesRandom, most, free } = useMemo(() => energySummary(layers), [layers]);
  if (!most) return words.allFree;
  const main = words.summary(
    format.percent(median),
    format.number(timesRandom),
    most.name,
    format.percent(most.share),
  );
  return free.length === 0 ? main : `${main} ${words.free(format.list(free))}`;
}

/** The experts that take part, in the recipe's order, which is the pass's. */
function usePassExperts(): readonly PassExpert[] {
  const library = useApp((state) => state.library);
  const experts = useApp((state) => state.recipe?.experts);
  return useMemo(
    () =>
      (experts ?? [])
        .filter(({ enabled }) => enabled)
        .map(({ id }) => ({
          label: library?.experts.find((card) => card.id === id)?.label ?? id,
          index: expertIndex({ library }, id),
        })),
    [library, experts],
  );
}

function madeNote(
  made: NonNullable<Pass["made"]>,
  words: (typeof dogeWords)["en"]["energy"],
  format: ReturnType<typeof useFormats>,
): string {
  const length = Math.hypot(...made.map((layer) => layer.length));
  return words.made(format.number(length), format.percent(median(made.map(({ inside }) => inside))));
}

function tableOf(
  { layers, made }: Pick<EnergyChartProps, "layers" | "made">,
  experts: readonly PassExpert[],
  columns: (typeof dogeWords)["en"]["energy"]["columns"],
): ChartTable {
  return {
    columns: [
      columns.layer,
      columns.rows,
      columns.columns,
      columns.rank,
      ...experts.map(({ label }) => columns.energy(label)),
      ...experts.map(({ label }) => columns.lambda(label)),
      ...(made ? [columns.length, columns.inside] : []),
    ],
    rows: layers.map((layer, l) => [
      layer.name,
      layer.rows,
      layer.columns,
      layer.rank,
      ...layer.energy,
      ...layer.lambdas,
      ...(made ? [made[l]?.length ?? "", made[l]?.inside ?? ""] : []),
    ]),
  };
}
