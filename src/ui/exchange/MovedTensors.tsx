import { useMemo } from "react";
import { useApp } from "#app/store.ts";
import type { TensorDifference } from "#core/summary.ts";
import { useFormats } from "../format.ts";
import { useWords } from "../words.ts";
import styles from "./lens.module.css";
import { lensWords } from "./lens-words.ts";
import { movedBars } from "./moved-bars.ts";

/** Listed by name; the strip shows all. */
const LISTED = 12;
const HEIGHT = 20;

/** Which tensors a reading moves and how far: a strip over depth, and the largest by name. */
export function MovedTensors({ moved }: { readonly moved: readonly TensorDifference[] }) {
  const text = useWords(lensWords);
  const format = useFormats();
  const tensors = useApp((state) => state.library?.tensors);
  const bars = useMemo(() => {
    const byDepth = (tensors ?? []).toSorted((a, b) => a.index - b.index);
    return movedBars(
      byDepth.map(({ name }) => name),
      moved,
    );
  }, [tensors, moved]);
  const [most] = moved;
  if (!most) return <span className="muted">{text.same}</span>;
  const path = bars.map((bar, i) => `M${i + 0.5},${HEIGHT}V${(HEIGHT * (1 - bar)).toFixed(2)}`).join("");
  return (
    <details className={styles.moved}>
      <summary>
        {text.moved(format.count(moved.length), format.count(tensors?.length ?? moved.length))}
        <svg
          viewBox={`0 0 ${bars.length} ${HEIGHT}`}
          preserveAspectRatio="none"
          aria-hidden="true"
          className={styles.strip}
        >
          <path d={path} />
        </svg>
      </summary>
      <table className={styles.list}>
        <caption className="visually-hidden">{text.movedBy}</caption>
        <tbody>
          {moved.slice(0, LISTED).map(({ name, relative }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>{format.percent(relative)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {moved.length > LISTED ? (
        <p className="muted">{text.more(format.count(moved.length - LISTED))}</p>
      ) : null}
    </details>
  );
}
