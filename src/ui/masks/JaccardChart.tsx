import { ChartFrame } from "../charts/ChartFrame.tsx";
import { useFormats } from "../format.ts";
import { useWords } from "../words.ts";
import { JaccardGrid } from "./JaccardGrid.tsx";
import type { MaskChartProps } from "./MasksPanel.tsx";
import { useCountOrigin, useMaskExperts } from "./mask-experts.ts";
import { densities, expectedJaccard, mostAlike, wholeOf } from "./mask-numbers.ts";
import { masksWords } from "./masks-words.ts";

/** How alike every two regions are, and how often that is what chance would give. */
export function JaccardChart({ summary, regions }: MaskChartProps) {
  const words = useWords(masksWords).jaccard;
  const format = useFormats();
  const experts = useMaskExperts(summary);
  const origin = useCountOrigin(summary, regions);
  const shares = densities(wholeOf(summary));
  const chance = (a: number, b: number) => expectedJaccard(shares[a] ?? 0, shares[b] ?? 0);
  const pair = mostAlike(summary);
  const [a = 0, b = 0] = pair ?? [];
  const value = summary.jaccard[a]?.[b] ?? 0;
  return (
    <ChartFrame
      id="region-jaccard"
      title={words.title}
      unit={words.unit}
      summary={
        pair
          ? words.summary(
              experts[a]?.label ?? "",
              experts[b]?.label ?? "",
              format.at(0.01, value),
              format.number(value / Math.max(1e-9, chance(a, b))),
            )
          : words.alone
      }
      table={() => ({
        columns: [words.first, words.second, words.value, words.expected],
        rows: experts.flatMap((one, i) =>
          experts
            .slice(i + 1)
            .map((other, j) => [
              one.label,
              other.label,
              summary.jaccard[i]?.[i + 1 + j],
              chance(i, i + 1 + j),
            ]),
        ),
      })}
      origin={origin}
    >
      {(width) =>
        pair ? <JaccardGrid matrix={summary.jaccard} chance={chance} experts={experts} width={width} /> : null
      }
    </ChartFrame>
  );
}
