import { useMemo } from "react";
import type { Pass } from "#app/slices/pass.ts";
import { ChartFrame } from "../charts/ChartFrame.tsx";
import { useFormats } from "../format.ts";
import { useWords } from "../words.ts";
import { type Point, wholeCurve } from "../workbench/job-curves.ts";
import { MiniCurve } from "../workbench/MiniCurve.tsx";
import { dogeWords } from "./doge-words.ts";
import { endsOf, type LossCurve } from "./loss.ts";

/** The loss of all layers together, step by step, while it falls; nothing of a pass that nobody watched. */
export function LossChart({ pass }: { readonly pass: Pass }) {
  const words = useWords(dogeWords).loss;
  const format = useFormats();
  const { key, curves, steps } = pass;
  const curve = useMemo(() => (curves.loss ? numbered(curves.loss) : undefined), [curves]);
  if (!curve) return null;
  const value = (point: Point) => format.number(point.value);
  const step = (point: Point) => format.count(point.at);
  return (
    <ChartFrame
      id="optimisation-loss"
      title={words.title}
      unit={words.unit}
      summary={summaryOf(curve.points, words, format)}
      note={words.note}
      table={() => ({
        columns: [words.step, words.name],
        rows: curve.points.map((point) => [point.at, point.value]),
      })}
      origin={{ recipeKey: key, sample: words.sample }}
    >
      {() => (
        <MiniCurve
          curve={curve}
          name={words.all}
          end={steps}
          colour="var(--gold-mark)"
          chance={undefined}
          ticks={[]}
          value={value}
          range={undefined}
          at={(point) => words.at(step(point))}
          label={(point) => words.label(value(point), step(point))}
        />
      )}
    </ChartFrame>
  );
}

/** The first loss is known before step 1, so it is counted as that step's. */
function numbered(curve: LossCurve): { readonly name: "loss"; readonly points: readonly Point[] } {
  return { name: "loss", points: wholeCurve(curve).map((point) => ({ ...point, at: point.at + 1 })) };
}

type LossWords = (typeof dogeWords)["en"]["loss"];

function summaryOf(
  points: readonly Point[],
  words: LossWords,
  format: ReturnType<typeof useFormats>,
): string {
  const [first, last] = endsOf(points) ?? [];
  if (!first || !last) return words.begins;
  const share = 1 - last.value / first.value;
  if (!(share > 0)) return words.still(format.number(last.value));
  const [from, to] = [format.number(first.value), format.number(last.value)];
  return words.fell(from, to, format.percent(share), format.count(last.at));
}
