import { ChartFrame } from "../charts/ChartFrame.tsx";
import { useFormats } from "../format.ts";
import { useWords } from "../words.ts";
import type { MaskChartProps } from "./MasksPanel.tsx";
import { useCountOrigin } from "./mask-experts.ts";
import { densities, expectedOverlap, wholeOf } from "./mask-numbers.ts";
import { masksWords } from "./masks-words.ts";
import { OverlapBars } from "./OverlapBars.tsx";

/** How many weights belong to none, one, two, … of the regions, beside what chance would give. */
export function OverlapChart({ summary, regions }: MaskChartProps) {
  const { overlap: words, ...rest } = useWords(masksWords);
  const format = useFormats();
  const origin = useCountOrigin(summary, regions);
  const whole = wholeOf(summary);
  const total = Math.max(1, whole.entries);
  const expected = expectedOverlap(densities(whole));
  const rows = summary.overlap.map((count, times) => ({
    name: times === 0 ? words.none : times === 1 ? words.one : words.many(format.count(times)),
    count,
    share: count / total,
    expected: expected[times] ?? 0,
  }));
  const shared = (of: (row: (typeof rows)[number]) => number) =>
    format.percent(rows.slice(2).reduce((sum, row) => sum + of(row), 0));
  const text =
    summary.experts.length < 2
      ? words.alone
      : words.summary(
          shared(({ share }) => share),
          shared((row) => row.expected),
        );
  return (
    <ChartFrame
      id="region-overlap"
      title={words.title}
      unit={words.unit}
      summary={text}
      table={() => ({
        columns: [words.times, words.count, words.share, words.expected],
        rows: rows.map(({ name, count, share, expected: chance }) => [name, count, share, chance]),
      })}
      origin={{ ...origin, sample: rest.sample(format.count(total)) }}
    >
      {(width) => <OverlapBars rows={rows} width={width} />}
    </ChartFrame>
  );
}
