import { type KeyboardEvent, type PointerEvent, type ReactNode, useId, useState } from "react";
import type { DisentanglementPoint } from "#core/talos/disentanglement.ts";
import { useFormats } from "../format.ts";
import { useWords } from "../words.ts";
import styles from "./arithmetic.module.css";
import { arithmeticWords } from "./arithmetic-words.ts";
import { ErrorMapPicture } from "./ErrorMapPicture.tsx";
import { alphaAt, errorMap, indexOf, pointAt } from "./error-map.ts";

interface ErrorMapStageProps {
  readonly points: readonly DisentanglementPoint[];
  /** Names of both experts. */
  readonly names: readonly [string, string];
  readonly width: number;
  /** Where the cursor rests, in α. */
  readonly place: readonly [number, number];
  onPlace(place: readonly [number, number]): void;
  /** What can be done with the place. */
  readonly children: ReactNode;
}

export interface MapBox {
  readonly left: number;
  readonly top: number;
  readonly side: number;
}

const LEFT = 44;
const TOP = 8;
const RIGHT = 12;
const BELOW = 80;
const LARGEST = 340;

/** The map with its cursor: the pointer and the arrow keys move it, its numbers are written below. */
export function ErrorMapStage({ points, names, width, place, onPlace, children }: ErrorMapStageProps) {
  const words = useWords(arithmeticWords).map;
  const help = useId();
  const [hovered, setHovered] = useState<readonly [number, number]>();
  const map = errorMap(points);
  const box: MapBox = { left: LEFT, top: TOP, side: Math.max(120, Math.min(LARGEST, width - LEFT - RIGHT)) };
  const step = 3 / (map.size - 1);
  const cell = (box.side * step) / (map.high - map.low);
  const x = (alpha: number) => box.left + ((alpha - map.low) / (map.high - map.low)) * box.side;
  const y = (alpha: number) => box.top + box.side - ((alpha - map.low) / (map.high - map.low)) * box.side;
  const textOf = useCellText(points);

  function alphasAt({ nativeEvent }: PointerEvent): readonly [number, number] {
    const share = (offset: number) => map.low + (offset / box.side) * (map.high - map.low);
    const a = share(nativeEvent.offsetX - box.left);
    const b = share(box.side - (nativeEvent.offsetY - box.top));
    return [alphaAt(map.size, indexOf(map.size, a)), alphaAt(map.size, indexOf(map.size, b))];
  }

  function onKeyDown(event: KeyboardEvent) {
    const next = moved(
      event.key,
      place.map((alpha) => indexOf(map.size, alpha)),
      map.size - 1,
    );
    if (!next) return;
    event.preventDefault();
    setHovered(undefined);
    onPlace([alphaAt(map.size, next[0]), alphaAt(map.size, next[1])]);
  }

  return (
    <div className={styles.beside}>
      {/* The button below does the same for the keyboard. */}
      <div
        className={styles.stage}
        onPointerMove={(event) => setHovered(alphasAt(event))}
        onPointerLeave={() => setHovered(undefined)}
        onPointerUp={(event) => onPlace(alphasAt(event))}
      >
        <ErrorMapPicture
          {...{ map, box, names, x, y }}
          width={box.left + box.side + RIGHT}
          height={box.top + box.side + BELOW}
        />
        <button
          type="button"
          className={styles.cursor}
          style={{
            insetInlineStart: x(place[0]) - cell / 2,
            insetBlockStart: y(place[1]) - cell / 2,
            inlineSize: cell,
            blockSize: cell,
          }}
          aria-label={`${words.picture(...names)}. ${textOf(place)}`}
          aria-describedby={help}
          onKeyDown={onKeyDown}
        />
        <span id={help} hidden>
          {words.keys}
        </span>
      </div>
      <div className={styles.side}>
        <p className={styles.reading} aria-live="polite">
          {textOf(hovered ?? place)}
        </p>
        {children}
      </div>
    </div>
  );
}

/** The numbers of a place. */
function useCellText(points: readonly DisentanglementPoint[]) {
  const words = useWords(arithmeticWords).map;
  const format = useFormats();
  return ([a, b]: readonly [number, number]): string => {
    const error = pointAt(points, a, b)?.error;
    const [first, second] = [format.number(a), format.number(b)];
    if (!error) return words.missing(first, second);
    const interval = `${format.at(0.01, error.low)}–${format.at(0.01, error.high)}`;
    return words.cell(first, second, format.at(0.01, error.value), interval, format.n(error.n));
  };
}

/** Where a key takes the cursor; rows count upwards. */
function moved(
  key: string,
  [column = 0, row = 0]: readonly number[],
  last: number,
): readonly [number, number] | undefined {
  const within = (value: number) => Math.min(last, Math.max(0, value));
  const [sideways, upwards] = steps[key] ?? [0, 0];
  if (key === "Home") return [0, row];
  if (key === "End") return [last, row];
  if (sideways === 0 && upwards === 0) return undefined;
  return [within(column + sideways), within(row + upwards)];
}

const steps: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
};
