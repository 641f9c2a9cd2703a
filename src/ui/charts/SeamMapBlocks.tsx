import { memo } from "react";
import { useWords } from "../words.ts";
import styles from "./SeamMap.module.css";
import type { SeamColumns } from "./seam-map-model.ts";
import { seamWords } from "./seam-map-words.ts";

/** CSS pixels that a full and a short label need. */
const FULL = 58;
const SHORT = 20;

interface Props {
  readonly columns: SeamColumns;
  /** CSS pixels from the top of the stage. */
  readonly top: number;
}

/** Names of the blocks under their columns, as many as fit. */
export const SeamMapBlocks = memo(function SeamMapBlocks({ columns, top }: Props) {
  const words = useWords(seamWords);
  const { blocks, lefts, cell } = columns;
  let free = 0;
  const labels = blocks.flatMap(({ block, from, to }) => {
    const left = lefts[from] ?? 0;
    const width = (to - from) * cell;
    const text = width >= FULL ? block : block.slice(block.lastIndexOf(".") + 1);
    const needs = width >= FULL ? FULL : SHORT;
    if (block === "" || (width < needs && left < free)) return [];
    free = left + needs;
    return [{ block, from, left, width: Math.max(width, SHORT), text }];
  });
  return (
    <ol className={styles.blocks} style={{ insetBlockStart: top }} aria-label={words.block}>
      {labels.map(({ block, from, left, width, text }) => (
        <li key={from} style={{ insetInlineStart: left, inlineSize: width }} title={block}>
          {text}
        </li>
      ))}
    </ol>
  );
});
