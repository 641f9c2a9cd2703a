import { useMemo, useState } from "react";
import { type AppState, useApp } from "#app/store.ts";
import type { MergeSummary, TensorCard } from "#core/summary.ts";
import { expertIndex } from "../controls/TaskMark.tsx";
import { type Measure, queryTensors } from "../tensor-rows.ts";
import { mergedTensor } from "../tensor-sites.ts";
import type { ShownExpert } from "./TensorHistogramCell.tsx";
import { statistic } from "./TensorRow.tsx";

/** The experts that take part in the merge, in the recipe's order; the same list while weights and steps change. */
export function useShownExperts(): readonly ShownExpert[] {
  const library = useApp((state) => state.library);
  const marked = useApp((state) =>
    (state.recipe?.experts ?? [])
      .flatMap(({ id, enabled }) => (enabled ? `${id} ${expertIndex(state, id)}` : []))
      .join("\n"),
  );
  return useMemo(() => {
    const lines = marked === "" ? [] : marked.split("\n");
    return lines.map((line) => {
      const [id = "", task] = line.split(" ");
      const label = library?.experts.find((card) => card.id === id)?.label ?? id;
      return { id, label, task: Number(task) };
    });
  }, [library, marked]);
}

const noStats: AppState["stats"] = {};

/** The tensors that pass the filters, sorted. Their order holds still during a drag, or rows would flee the pointer. */
export function useShownTensors(
  tensors: readonly TensorCard[],
  shownExperts: readonly ShownExpert[],
  sortExperts: readonly string[],
) {
  const filter = useApp((state) => state.filter);
  const role = useApp((state) => state.roleFilter);
  const sort = useApp((state) => state.sort);
  const isMeasured = sort.key === "density";
  const isDragging = useApp((state) => isMeasured && state.isDragging);
  const summary = useApp((state) => (isMeasured ? state.summary : undefined));
  const isStatistic = sort.key === "norm" || sort.key === "conflict" || sort.key === "cosine";
  const stats = useApp((state) => (isStatistic ? state.stats : noStats));
  const [held, setHeld] = useState<{ readonly measure: Measure }>();

  const measure = useMemo<Measure>(() => {
    const cards = new Map(tensors.map((card) => [card.name, card]));
    return (name, key) => {
      if (key !== "density") return statistic(stats[name], key, shownExperts);
      const card = cards.get(name);
      return card && dropRate(summary, card, sortExperts);
    };
  }, [tensors, stats, summary, shownExperts, sortExperts]);
  if (!isDragging && held?.measure !== measure) setHeld({ measure });

  const order = isDragging ? (held?.measure ?? measure) : measure;
  const cards = useMemo(
    () => queryTensors(tensors, { filter, role, sort }, order),
    [tensors, filter, role, sort, order],
  );
  return { cards, isByDepth: sort.key === "depth" };
}

/** The drop rate that the last merge aimed at, mean over some experts. */
function dropRate(
  summary: MergeSummary | undefined,
  card: TensorCard,
  experts: readonly string[],
): number | undefined {
  const sites = mergedTensor(summary, card)?.sites.filter(({ expert }) => experts.includes(expert)) ?? [];
  if (sites.length === 0) return undefined;
  return sites.reduce((sum, { aim }) => sum + 1 - aim, 0) / sites.length;
}
