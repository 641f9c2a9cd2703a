import type { Estimate } from "#core/eval/report.ts";
import { type DumbbellLayout, placeOf } from "./dumbbell-layout.ts";
import type { DumbbellRow } from "./dumbbell-rows.ts";
import styles from "./dumbbells.module.css";

/** Below this distance an arrow would hide under its marks. */
const SHORTEST_ARROW = 14;

interface DumbbellMarksProps {
  readonly row: DumbbellRow;
  readonly layout: DumbbellLayout;
  readonly colour: string;
  /** Quick or stale numbers. */
  readonly isHollow: boolean;
}

/** References on the upper lane, the merged model and its ghost on the lower one; y counts from the row's top. */
export function DumbbellMarks({ row, layout, colour, isHollow }: DumbbellMarksProps) {
  const { base, average, expert, merged, pinned, chance } = row;
  const upper = layout.references;
  const x = (share: number) => placeOf(layout, share);
  return (
    <g>
      {chance === undefined ? null : (
        <line className={styles.chance} x1={x(chance)} x2={x(chance)} y1={upper - 9} y2={layout.merged + 9} />
      )}
      {base && expert ? (
        <line className={styles.span} x1={x(base.value)} x2={x(expert.value)} y1={upper} y2={upper} />
      ) : null}
      <Whisker of={base} x={x} y={upper} cap={4} />
      <Whisker of={average} x={x} y={upper} cap={4} />
      <Whisker of={expert} x={x} y={upper} cap={7} />
      {base ? <BaseMark x={x(base.value)} y={upper} /> : null}
      {average ? <AverageMark x={x(average.value)} y={upper} /> : null}
      {expert ? <ExpertMark x={x(expert.value)} y={upper} /> : null}
      {pinned !== undefined && merged ? (
        <Ghost from={x(pinned)} to={x(merged.value)} y={layout.merged} />
      ) : null}
      <Whisker of={merged} x={x} y={layout.merged} cap={7.5} colour={colour} />
      {merged ? (
        <MergedMark x={x(merged.value)} y={layout.merged} colour={colour} isHollow={isHollow} />
      ) : null}
    </g>
  );
}

interface WhiskerProps {
  readonly of: Estimate | undefined;
  readonly y: number;
  /** Half the height of its ends: higher than the mark, which may hide the rest. */
  readonly cap: number;
  readonly colour?: string;
  x(share: number): number;
}

function Whisker({ of, x, y, cap, colour = "var(--line-strong)" }: WhiskerProps) {
  if (!of) return null;
  const { low, high } = of;
  const d = `M${x(low)},${y - cap}v${2 * cap}M${x(low)},${y}H${x(high)}M${x(high)},${y - cap}v${2 * cap}`;
  return <path className={styles.whisker} d={d} stroke={colour} />;
}

interface MarkProps {
  readonly x: number;
  readonly y: number;
}

export function BaseMark({ x, y }: MarkProps) {
  return <circle data-mark="base" className={styles.base} cx={x} cy={y} r={3.75} />;
}

export function AverageMark({ x, y }: MarkProps) {
  return <line data-mark="average" className={styles.average} x1={x} x2={x} y1={y - 6} y2={y + 6} />;
}

export function ExpertMark({ x, y }: MarkProps) {
  return <path data-mark="expert" className={styles.expert} d={`M${x},${y - 5.5}l5,5.5l-5,5.5l-5,-5.5z`} />;
}

interface MergedMarkProps extends MarkProps {
  readonly colour: string;
  readonly isHollow: boolean;
}

export function MergedMark({ x, y, colour, isHollow }: MergedMarkProps) {
  const fill = isHollow ? "var(--surface)" : colour;
  return (
    <circle
      data-mark="merged"
      data-hollow={isHollow}
      className={styles.merged}
      cx={x}
      cy={y}
      r={4.75}
      fill={fill}
      stroke={colour}
    />
  );
}

function Ghost({ from, to, y }: { readonly from: number; readonly to: number; readonly y: number }) {
  const direction = to > from ? 1 : -1;
  const tip = to - 7 * direction;
  return (
    <>
      <GhostMark x={from} y={y} />
      {Math.abs(to - from) < SHORTEST_ARROW ? null : (
        <path
          data-mark="arrow"
          className={styles.arrow}
          d={`M${from + 5 * direction},${y}H${tip}m${-3.5 * direction},-3l${3.5 * direction},3l${-3.5 * direction},3`}
        />
      )}
    </>
  );
}

export function GhostMark({ x, y }: MarkProps) {
  return <circle data-mark="pinned" className={styles.ghost} cx={x} cy={y} r={4.5} />;
}
