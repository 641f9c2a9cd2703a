import { memo } from "react";
import { useApp } from "#app/store.ts";
import type { TableLine } from "../tensor-rows.ts";
import styles from "./TensorTable.module.css";
import { isSelected } from "./tensor-selection.ts";
import { useTensorText } from "./tensor-text.ts";

interface Props {
  readonly block: Extract<TableLine, { kind: "block" }>;
  readonly line: number;
  /** CSS pixels from the top of the body. */
  readonly top: number;
  readonly isActive: boolean;
}

/** The heading of a block; selecting it selects its tensors. */
export const TensorBlockRow = memo(function TensorBlockRow({ block, line, top, isActive }: Props) {
  const { words, format } = useTensorText();
  const selected = useApp(({ selection }) => block.names.every((name) => isSelected(selection, name)));
  const tensors = format.count(block.names.length);
  return (
    <tr
      aria-rowindex={line + 2}
      aria-selected={selected}
      className={styles.blockRow}
      style={{ insetBlockStart: top }}
      data-line={line}
    >
      <td tabIndex={isActive ? 0 : -1} className={styles.blockCell} data-column={0}>
        <span className={styles.blockName}>{block.block}</span>{" "}
        {words.blockCounts(tensors, format.count(block.count))}
      </td>
    </tr>
  );
});
