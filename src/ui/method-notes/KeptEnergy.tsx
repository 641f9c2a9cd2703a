import { useMemo } from "react";
import { useApp } from "#app/store.ts";
import type { TensorSummary } from "#core/summary.ts";
import { ChartFrame } from "../charts/ChartFrame.tsx";
import type { ChartTable } from "../charts/csv.ts";
import { useFormats } from "../format.ts";
import { useWords } from "../words.ts";
import { keptEnergyWords } from "./kept-energy-words.ts";
import styles from "./method-notes.module.css";

type Noted = TensorSummary & { readonly note: NonNullable<TensorSummary["note"]> };

const ROW = 20;
const NUMBERS = 112;
const LETTER = 7;

/** What low-rank methods keep of the experts' updates, matrix by matrix; nothing where no method told of any. */
export function KeptEnergy() {
  const words = useWords(keptEnergyWords);
  const format = useFormats();
  const summary = useApp((state) => state.summary);
  const noted = useMemo(() => (summary?.tensors ?? []).filter(isNoted), [summary]);
  if (!summary || noted.length === 0) return null;
  const sorted = noted.toSorted((a, b) => a.note.energy - b.note.energy);
  const least = sorted[0];
  const median = sorted[(sorted.length - 1) >> 1];
  const count = format.count(noted.length);
  const isWhole = !least || !median || least.note.energy > 1 - 1e-6;
  return (
    <ChartFrame
      id="energy-kept"
      title={words.title}
      unit={words.unit}
      summary={
        isWhole
          ? words.all(count)
          : words.summary(
              count,
              format.percent(median.note.energy),
              format.percent(least.note.energy),
              least.name,
            )
      }
      table={() => tableOf(noted, words.columns)}
      origin={{ recipeKey: summary.recipeKey, sample: words.sample(count) }}
    >
      {(width) => <Bars noted={noted} width={width} />}
    </ChartFrame>
  );
}

/** A bar per matrix, with its rank and share beside it. */
function Bars({ noted, width }: { readonly noted: readonly Noted[]; readonly width: number }) {
  const words = useWords(keptEnergyWords);
  const format = useFormats();
  const left = Math.min(200, Math.round(width * 0.4));
  const room = Math.max(24, width - left - NUMBERS);
  return (
    <svg data-chart width={width} height={noted.length * ROW} className={styles.chart} aria-hidden="true">
      {noted.map(({ name, note }, i) => {
        const y = i * ROW;
        return (
          <g key={name}>
            <text className={styles.ink} x={0} y={y + 14}>
              {shortened(name, left)}
              <title>{name}</title>
            </text>
            <rect className={styles.track} x={left} y={y + 7} width={room} height={6} />
            <rect className={styles.kept} x={left} y={y + 7} width={room * note.energy} height={6} />
            <text className={styles.end} x={width} y={y + 14}>
              {words.rank(format.count(note.rank))} · {format.percent(note.energy)}
            </text>
          </g>
        );
      })}
    </svg>
  );
}

function isNoted(tensor: TensorSummary): tensor is Noted {
  return tensor.note !== undefined;
}

function tableOf(noted: readonly Noted[], columns: (typeof keptEnergyWords)["en"]["columns"]): ChartTable {
  const hasCross = noted.some(({ note }) => note.cross !== undefined);
  return {
    columns: [columns.tensor, columns.rank, columns.energy, ...(hasCross ? [columns.cross] : [])],
    rows: noted.map(({ name, note }) => [
      name,
      note.rank,
      note.energy,
      ...(hasCross ? [note.cross ?? ""] : []),
    ]),
  };
}

function shortened(name: string, width: number): string {
  const fits = Math.floor((width - 8) / LETTER);
  return name.length <= fits ? name : `…${name.slice(name.length - fits + 1)}`;
}
