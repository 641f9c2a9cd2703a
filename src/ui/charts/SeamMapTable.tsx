import type { SeamQuantity } from "#app/slices/view.ts";
import type { TensorCard } from "#core/summary.ts";
import { useFormats } from "../format.ts";
import { useWords } from "../words.ts";
import styles from "./SeamMap.module.css";
import { blockMean, type SeamRow, seamNumber } from "./seam-map-describe.ts";
import { type SeamValues, seamBlocks } from "./seam-map-model.ts";
import { seamWords } from "./seam-map-words.ts";

interface Props {
  readonly tensors: readonly TensorCard[];
  readonly rows: readonly SeamRow[];
  readonly map: SeamValues;
  readonly quantity: SeamQuantity;
}

/** The map's numbers by block: the mean, and the range where a block is not of one value. */
export function SeamMapTable({ tensors, rows, map, quantity }: Props) {
  const words = useWords(seamWords);
  const format = useFormats();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by the keyboard
    <section className={styles.tableBox} aria-label={words.quantityTitle[quantity]} tabIndex={0}>
      <table className={styles.table}>
        <caption className="visually-hidden">{words.quantityTitle[quantity]}</caption>
        <thead>
          <tr>
            <th scope="col">{words.block}</th>
            {rows.map(({ id, label }) => (
              <th key={id} scope="col">
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {seamBlocks(tensors).map(({ block, from, to }) => (
            <tr key={from}>
              <th scope="row">{block || outsideName(tensors, from, to)}</th>
              {rows.map(({ id }, row) => (
                <td key={id}>{seamNumber(blockMean(map, row, from, to), quantity, format)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** Tensors outside the blocks go by their own names. */
function outsideName(tensors: readonly TensorCard[], from: number, to: number): string {
  const first = tensors[from]?.name ?? "";
  const last = tensors[to - 1]?.name ?? "";
  return to - from === 1 ? first : `${first} … ${last}`;
}
