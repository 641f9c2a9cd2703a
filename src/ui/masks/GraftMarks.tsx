import type { Grafted } from "#app/slices/masks.ts";
import { BaseMark, ExpertMark, MergedMark } from "../charts/DumbbellMarks.tsx";
import { taskColour } from "../controls/TaskMark.tsx";
import { useWords } from "../words.ts";
import type { Tried } from "./GraftChart.tsx";
import styles from "./masks.module.css";
import { masksWords } from "./masks-words.ts";

/** Height of a row of the key, in CSS pixels. */
export const KEY_ROW = 20;

/** Base and whole expert on the upper lane, the region and its random control on the lower one. */
export function GraftMarks({ one, at }: { readonly one: Tried; at(share: number): number }) {
  const { base, region, random, whole, expert } = one;
  const [upper, lower] = [12, 26];
  const x = ({ accuracy: { k, n } }: Grafted) => at(k / n);
  const colour = taskColour(expert.index);
  return (
    <g>
      {base && whole ? <path className={styles.span} d={`M${x(base)},${upper}H${x(whole)}`} /> : null}
      {[base, whole].map((of, i) =>
        of ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: the two marks of one lane
          <path key={i} className={styles.whisker} d={whiskerOf(of, at, upper, i === 1 ? 7 : 4.5)} />
        ) : null,
      )}
      {base ? <BaseMark x={x(base)} y={upper} /> : null}
      {whole ? <ExpertMark x={x(whole)} y={upper} /> : null}
      {random ? (
        <>
          <path className={styles.whisker} d={whiskerOf(random, at, lower, 4.5)} />
          <RandomMark x={x(random)} y={lower} />
        </>
      ) : null}
      {region ? (
        <>
          <path className={styles.whisker} d={whiskerOf(region, at, lower, 7)} stroke={colour} />
          <MergedMark x={x(region)} y={lower} colour={colour} isHollow={region.subset === "quick"} />
        </>
      ) : null}
    </g>
  );
}

/** A cross: entries that nobody chose. */
function RandomMark({ x, y }: { readonly x: number; readonly y: number }) {
  return <path className={styles.random} d={`M${x - 4},${y - 4}l8,8M${x - 4},${y + 4}l8,-8`} />;
}

interface KeyProps {
  readonly width: number;
  readonly top: number;
  readonly columns: number;
}

/** What each mark means; inside the drawing, so that a saved picture has it too. */
export function GraftKey({ width, top, columns }: KeyProps) {
  const words = useWords(masksWords).graft;
  const at = { x: 7, y: 0 };
  const entries = [
    { word: words.base, mark: <BaseMark {...at} /> },
    { word: words.random, mark: <RandomMark {...at} /> },
    { word: words.region, mark: <MergedMark {...at} colour="var(--gold-mark)" isHollow={false} /> },
    { word: words.whole, mark: <ExpertMark {...at} /> },
  ];
  const column = Math.min(132, width / columns);
  return entries.map(({ word, mark }, i) => (
    <g
      key={word}
      transform={`translate(${(i % columns) * column} ${top + Math.floor(i / columns) * KEY_ROW})`}
    >
      {mark}
      <text className={styles.ink} x={18} y={4}>
        {word}
      </text>
    </g>
  ));
}

function whiskerOf(
  { accuracy: { low, high } }: Grafted,
  at: (share: number) => number,
  y: number,
  cap: number,
) {
  const [from, to] = [at(low), at(high)];
  return `M${from},${y - cap}v${2 * cap}M${from},${y}H${to}M${to},${y - cap}v${2 * cap}`;
}
