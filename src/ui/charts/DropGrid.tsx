import { useWords } from "../words.ts";
import styles from "./drop.module.css";
import { blockSpans, columnX, type DropBox, type ProfileTensor, rateY } from "./drop-geometry.ts";
import { dropWords } from "./drop-words.ts";

const TICKS = [0, 0.25, 0.5, 0.75, 1];
/** Pixels a letter takes, to tell whether a block's name fits. */
const LETTER = 6.5;

interface DropGridProps {
  readonly box: DropBox;
  readonly profile: readonly ProfileTensor[];
}

/** Axes of the drop-rate profile: rates, blocks, and the tensors that are not merged. */
export function DropGrid({ box, profile }: DropGridProps) {
  const words = useWords(dropWords);
  const count = profile.length;
  return (
    <g>
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
          <line
            className={styles.grid}
            x1={box.left}
            x2={box.right}
            y1={rateY(box, tick)}
            y2={rateY(box, tick)}
          />
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
            {from > 0 ? (
              <line className={styles.block} x1={left} x2={left} y1={box.top} y2={box.bottom + 4} />
            ) : null}
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
