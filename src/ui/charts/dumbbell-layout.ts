/** Where things are in the retention chart, in CSS pixels; depends on its width and number of rows alone. */

export interface DumbbellLayout {
  readonly width: number;
  readonly height: number;
  /** The axis' ends: accuracy 0 and 1. */
  readonly left: number;
  readonly right: number;
  /** Names and numbers above the axis instead of beside it. */
  readonly isStacked: boolean;
  /** Right edges of the two columns of numbers. */
  readonly columns: readonly [retention: number, normalised: number];
  readonly keyColumns: number;
  readonly rowHeight: number;
  /** Top of the first row, and of the axis below the last. */
  readonly top: number;
  readonly bottom: number;
  /** Of a row: the baseline of its name, and the lanes of references and of the merged model. */
  readonly baseline: number;
  readonly references: number;
  readonly merged: number;
}

const STACKED_BELOW = 360;
const NAME = 84;
const COLUMN = 54;
const HEAD = 20;
const AXIS = 22;
export const KEY_LINE = 18;
/** Marks that the key explains. */
const MEANINGS = 6;
/** Room for half a mark at the ends of the axis. */
const EDGE = 7;

export function dumbbellLayout(width: number, rows: number): DumbbellLayout {
  const isStacked = width < STACKED_BELOW;
  const rowHeight = isStacked ? 52 : 38;
  const keyColumns = isStacked ? 2 : 3;
  const bottom = HEAD + rows * rowHeight;
  return {
    width,
    height: bottom + AXIS + KEY_LINE * Math.ceil(MEANINGS / keyColumns),
    keyColumns,
    left: isStacked ? EDGE : NAME + EDGE,
    right: width - EDGE - (isStacked ? 0 : 2 * COLUMN),
    isStacked,
    columns: [width - COLUMN, width],
    rowHeight,
    top: HEAD,
    bottom,
    baseline: isStacked ? 15 : 23,
    references: isStacked ? 29 : 12,
    merged: isStacked ? 42 : 26,
  };
}

/** Where a share 0…1 stands on the axis. */
export function placeOf({ left, right }: DumbbellLayout, share: number): number {
  return left + share * (right - left);
}
