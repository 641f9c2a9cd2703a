import { useWords } from "../words.ts";
import { AverageMark, BaseMark, ExpertMark, GhostMark, MergedMark } from "./DumbbellMarks.tsx";
import { type DumbbellLayout, KEY_LINE } from "./dumbbell-layout.ts";
import { dumbbellWords } from "./dumbbell-words.ts";
import styles from "./dumbbells.module.css";

const AXIS_LABELS = 28;
const MARK = 7;

/** What each mark means; inside the drawing, so that a saved picture has it too. */
export function DumbbellKey({
  layout,
  hasPinned,
}: {
  readonly layout: DumbbellLayout;
  readonly hasPinned: boolean;
}) {
  const words = useWords(dumbbellWords);
  const at = { x: MARK, y: 0 };
  const entries = [
    { word: words.base, mark: <BaseMark {...at} /> },
    { word: words.average, mark: <AverageMark {...at} /> },
    { word: words.expert, mark: <ExpertMark {...at} /> },
    { word: words.merged, mark: <MergedMark {...at} colour="var(--gold-mark)" isHollow={false} /> },
    { word: words.chance, mark: <line className={styles.chance} x1={MARK} x2={MARK} y1={-7} y2={7} /> },
    ...(hasPinned ? [{ word: words.pinned, mark: <GhostMark {...at} /> }] : []),
  ];
  const column = Math.min(130, layout.width / layout.keyColumns);
  return (
    <g>
      {entries.map(({ word, mark }, i) => {
        const x = (i % layout.keyColumns) * column;
        const y = layout.bottom + AXIS_LABELS + Math.floor(i / layout.keyColumns) * KEY_LINE;
        return (
          <g key={word} transform={`translate(${x} ${y})`}>
            {mark}
            <text className={styles.key} x={2 * MARK + 4} y={4}>
              {word}
            </text>
          </g>
        );
      })}
    </g>
  );
}
