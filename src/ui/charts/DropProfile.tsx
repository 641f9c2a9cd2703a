import { type KeyboardEvent, type PointerEvent, useState } from "react";
import { useFormats } from "../format.ts";
import { useWords } from "../words.ts";
import { DropKey, keyHeight } from "./DropKey.tsx";
import { DropLine } from "./DropLine.tsx";
import type { ProfileExpert } from "./DropProfileChart.tsx";
import {
  blockSpans,
  columnX,
  type DropBox,
  dropOf,
  type ProfileTensor,
  rateY,
  tensorAt,
} from "./drop-geometry.ts";
import { dropWords } from "./drop-words.ts";
import styles from "./drop.module.css";

const PLOT = { top: 8, height: 128, left: 34, right: 6, below: 22 };
const TICKS = [0, 0.25, 0.5, 0.75, 1];
/** Pixels a letter takes, to tell whether a block's name fits. */
const LETTER = 6.5;

interface DropProfileProps {
  readonly profile: readonly ProfileTensor[];
  readonly experts: readonly ProfileExpert[];
  readonly width: number;
}

/** One step line per expert, with marks where a rule, not the formula, decided. Own SVG: it follows the drag. */
export function DropProfile({ profile, experts, width }: DropProfileProps) {
  const words = useWords(dropWords);
  const [at, setAt] = useState<number>();
  const box: DropBox = {
    left: PLOT.left,
    right: width - PLOT.right,
    top: PLOT.top,
    bottom: PLOT.top + PLOT.height,
  };
  const count = profile.length;
  const cursor = at === undefined ? undefined : Math.min(at, count - 1);
  const text = useReading(cursor === undefined ? undefined : profile[cursor], experts);

  const onPointerMove = ({ nativeEvent }: PointerEvent) => setAt(tensorAt(box, nativeEvent.offsetX, count));
  const onKeyDown = (event: KeyboardEvent) => {
    const next = cursorOfKey(event.key, cursor ?? 0, count);
    if (next === undefined) return;
    event.preventDefault();
    setAt(next);
  };

  return (
    <>
      <svg
        data-chart
        width={width}
        height={box.bottom + PLOT.below + keyHeight(experts.length, width)}
        className={styles.chart}
        role="slider"
        tabIndex={0}
        aria-label={`${words.title}. ${words.cursor}`}
        aria-valuemin={1}
        aria-valuemax={count}
        aria-valuenow={(cursor ?? 0) + 1}
        aria-valuetext={text}
        onFocus={(event) => event.currentTarget.matches(":focus-visible") && setAt(cursor ?? 0)}
        onBlur={() => setAt(undefined)}
        onKeyDown={onKeyDown}
        onPointerMove={onPointerMove}
        onPointerLeave={() => setAt(undefined)}
      >
        <Grid box={box} profile={profile} />
        {experts.map(({ id }, i) => (
          <DropLine key={id} expert={id} place={(i + 0.5) / experts.length} profile={profile} box={box} />
        ))}
        {cursor === undefined ? null : (
          <rect
            className={styles.cursor}
            x={columnX(box, cursor, count)}
            y={box.top}
            width={Math.max(1, (box.right - box.left) / count)}
            height={box.bottom - box.top}
          />
        )}
        <DropKey experts={experts} width={width} top={box.bottom + PLOT.below + 12} />
      </svg>
      <p className={styles.reading}>{text}</p>
    </>
  );
}

function cursorOfKey(key: string, cursor: number, count: number): number | undefined {
  const steps: Readonly<Record<string, number>> = {
    ArrowRight: 1,
    ArrowUp: 1,
    ArrowLeft: -1,
    ArrowDown: -1,
    PageUp: 10,
    PageDown: -10,
    Home: -count,
    End: count,
  };
  const step = steps[key];
  return step === undefined ? undefined : Math.max(0, Math.min(count - 1, cursor + step));
}

/** What the merge did with one tensor, in words. */
function useReading(tensor: ProfileTensor | undefined, experts: readonly ProfileExpert[]): string {
  const words = useWords(dropWords);
  const format = useFormats();
  if (!tensor) return words.hint;
  if (tensor.keep !== undefined) {
    const keeper = experts.find(({ id }) => id === tensor.keep)?.label ?? tensor.keep;
    return `${tensor.name}: ${tensor.keep === "base" ? words.keepBase : words.keepExpert(keeper)}`;
  }
  const rates = experts.flatMap(({ id, label }) => {
    const drop = dropOf(tensor, id);
    const by = tensor.sites.get(id)?.by;
    if (drop === undefined || by === undefined) return [];
    return [`${words.dropped(label, format.percent(drop))} (${words.by[by]})`];
  });
  return `${tensor.name}: ${rates.join(", ")}`;
}

function Grid({ box, profile }: { readonly box: DropBox; readonly profile: readonly ProfileTensor[] }) {
  const words = useWords(dropWords);
  const count = profile.length;
  return (
    <g aria-hidden="true">
      {profile.map(({ name, keep }, i) =>
        keep === undefined ? null : (
          <rect
            key={name}
            className={styles.kept}
            x={columnX(box, i, count)}
            y={box.top}
            width={(box.right - box.left) / count}
            height={box.bottom - box.top}
          />
        ),
      )}
      {TICKS.map((tick) => (
        <g key={tick}>
          <line className={styles.grid} x1={box.left} x2={box.right} y1={rateY(box, tick)} y2={rateY(box, tick)} />
          <text className={styles.rate} x={box.left - 6} y={rateY(box, tick) + 4}>
            {100 * tick}
          </text>
        </g>
      ))}
      {blockSpans(profile).map(({ name, from, to }) => {
        const left = columnX(box, from, count);
        const room = columnX(box, to, count) - left;
        const short = name.slice(name.lastIndexOf(".") + 1);
        const label = name.length * LETTER < room ? name : short.length * LETTER < room ? short : "";
        return (
          <g key={from}>
            {from > 0 ? <line className={styles.block} x1={left} x2={left} y1={box.top} y2={box.bottom + 4} /> : null}
            <text className={styles.blockName} x={left + room / 2} y={box.bottom + 15}>
              {label}
            </text>
          </g>
        );
      })}
      <text className={styles.depth} x={box.right} y={box.bottom + 15}>
        {profile.at(-1)?.block === "" ? "" : words.axis}
      </text>
    </g>
  );
}
