import { useState } from "react";
import { useFormats } from "../format.ts";
import { useWords } from "../words.ts";
import { DropGrid } from "./DropGrid.tsx";
import { DropKey, keyHeight } from "./DropKey.tsx";
import { DropLine } from "./DropLine.tsx";
import type { ProfileExpert } from "./DropProfileChart.tsx";
import styles from "./drop.module.css";
import { columnX, type DropBox, dropOf, type ProfileTensor, tensorAt } from "./drop-geometry.ts";
import { dropWords } from "./drop-words.ts";

const PLOT = { top: 8, height: 128, left: 34, right: 6, below: 22 };

interface DropProfileProps {
  readonly profile: readonly ProfileTensor[];
  readonly experts: readonly ProfileExpert[];
  readonly width: number;
  /** Shown while no tensor is pointed at. */
  readonly summary: string;
}

/** One step line per expert, with marks where a rule, not the formula, decided. Own SVG: it follows the drag. */
export function DropProfile({ profile, experts, width, summary }: DropProfileProps) {
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
  const reading = useReading(cursor === undefined ? undefined : profile[cursor], experts);

  return (
    <>
      <div
        className={styles.stage}
        onPointerMove={({ nativeEvent }) => setAt(tensorAt(box, nativeEvent.offsetX, count))}
        onPointerLeave={() => setAt(undefined)}
      >
        <svg
          data-chart
          width={width}
          height={box.bottom + PLOT.below + keyHeight(experts.length, width)}
          className={styles.chart}
          aria-hidden="true"
        >
          <DropGrid box={box} profile={profile} />
          {experts.map(({ id }, i) => (
            <DropLine key={id} expert={id} place={(i + 0.5) / experts.length} profile={profile} box={box} />
          ))}
          {cursor === undefined ? null : (
            <rect
              data-page-only
              className={styles.cursor}
              x={columnX(box, cursor, count)}
              y={box.top}
              width={Math.max(1, (box.right - box.left) / count)}
              height={box.bottom - box.top}
            />
          )}
          <DropKey experts={experts} width={width} top={box.bottom + PLOT.below + 12} />
        </svg>
        <input
          type="range"
          className={styles.reader}
          aria-label={`${words.title}: ${words.cursor}`}
          aria-valuetext={reading}
          min={0}
          max={count - 1}
          value={cursor ?? 0}
          onChange={(event) => setAt(event.currentTarget.valueAsNumber)}
          onFocus={(event) => event.currentTarget.matches(":focus-visible") && setAt(cursor ?? 0)}
          onBlur={() => setAt(undefined)}
        />
      </div>
      <p className={styles.reading}>{reading ?? summary}</p>
    </>
  );
}

/** What the merge did with one tensor, in words. */
function useReading(
  tensor: ProfileTensor | undefined,
  experts: readonly ProfileExpert[],
): string | undefined {
  const words = useWords(dropWords);
  const format = useFormats();
  if (!tensor) return undefined;
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
