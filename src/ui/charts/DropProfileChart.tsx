import { useMemo } from "react";
import { useApp } from "#app/store.ts";
import type { LibraryCard, MergeSummary } from "#core/summary.ts";
import { useFormats } from "../format.ts";
import { useWords } from "../words.ts";
import { ChartFrame } from "./ChartFrame.tsx";
import type { ChartTable } from "./csv.ts";
import { DropProfile } from "./DropProfile.tsx";
import { dropOf, type ProfileTensor, profileOf } from "./drop-geometry.ts";
import { dropWords } from "./drop-words.ts";

interface DropProfileChartProps {
  readonly library: LibraryCard;
  readonly summary: MergeSummary;
}

/** How much of each expert's task vector is dropped, tensor by tensor in depth order. */
export function DropProfileChart({ library, summary }: DropProfileChartProps) {
  const words = useWords(dropWords);
  const format = useFormats();
  const profile = useMemo(() => profileOf(library.tensors, summary.tensors), [library, summary]);
  const experts = useMemo(() => expertsOf(library, profile), [library, profile]);
  const means = experts.map(({ id, label }) => words.dropped(label, format.percent(meanDrop(profile, id))));
  const text = means.length > 0 ? words.summary(format.list(means)) : words.none;

  return (
    <ChartFrame
      id="drop-rate"
      title={words.title}
      unit={words.unit}
      summary={text}
      isSummaryHidden
      table={() => tableOf(profile, experts, words)}
      origin={{ recipeKey: summary.recipeKey, sample: words.sample }}
    >
      {(width) => <DropProfile profile={profile} experts={experts} width={width} summary={text} />}
    </ChartFrame>
  );
}

/** The profile of the last merge; nothing before there is one. */
export function LiveDropProfile() {
  const library = useApp((state) => state.library);
  const summary = useApp((state) => state.summary);
  return library && summary ? <DropProfileChart library={library} summary={summary} /> : null;
}

export interface ProfileExpert {
  readonly id: string;
  readonly label: string;
}

/** The experts that the merge used, in the library's order. */
function expertsOf(library: LibraryCard, profile: readonly ProfileTensor[]): readonly ProfileExpert[] {
  return library.experts.filter(({ id }) => profile.some((tensor) => tensor.sites.has(id)));
}

/** Mean over the tensors that are merged, each with equal weight. */
function meanDrop(profile: readonly ProfileTensor[], expert: string): number {
  const rates = profile.map((tensor) => dropOf(tensor, expert)).filter((rate) => rate !== undefined);
  return rates.reduce((sum, rate) => sum + rate, 0) / Math.max(1, rates.length);
}

function tableOf(
  profile: readonly ProfileTensor[],
  experts: readonly ProfileExpert[],
  { table, by }: (typeof dropWords)["en"],
): ChartTable {
  return {
    columns: [table.tensor, table.expert, table.drop, table.aim, table.kept, table.threshold, table.by],
    rows: profile.flatMap((tensor) =>
      experts.flatMap(({ id, label }) => {
        const site = tensor.sites.get(id);
        const drop = dropOf(tensor, id);
        return site && drop !== undefined
          ? [[tensor.name, label, drop, 1 - site.aim, site.kept, site.threshold, by[site.by]]]
          : [];
      }),
    ),
  };
}
