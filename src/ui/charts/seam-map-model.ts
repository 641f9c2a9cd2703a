/** Numbers behind the seam map: where the columns lie and what the cells hold. Pure. */
import type { SeamQuantity } from "#app/slices/view.ts";
import { ruleKind } from "#core/recipe/describe-rule.ts";
import type { TensorCard, TensorStats } from "#core/summary.ts";
import { mergedTensor, resolvedTensor, type SiteSource } from "../tensor-sites.ts";

/** A run of columns of one block. */
export interface SeamBlock {
  /** "" for tensors outside the blocks. */
  readonly block: string;
  /** First column, and the one after the last. */
  readonly from: number;
  readonly to: number;
}

export interface SeamColumns {
  readonly blocks: readonly SeamBlock[];
  /** Left edge of every column in CSS pixels. */
  readonly lefts: Float64Array;
  /** Width of a column in CSS pixels; below 1, neighbours share pixels. */
  readonly cell: number;
}

/** Rows × columns, row-major. */
export interface SeamValues {
  readonly rows: number;
  readonly columns: number;
  /** NaN where nothing is known yet. */
  readonly values: Float32Array;
  /** 1 where a density was set by hand. */
  readonly byHand: Uint8Array;
  /** By column: 1 where the tensor stays at base. */
  readonly fromBase: Uint8Array;
  /** Ends of the scale. */
  readonly low: number;
  readonly high: number;
}

/** Widest gap between blocks in CSS pixels, and the most that gaps may take of the whole. */
const GAP = 5;
const GAPS_SHARE = 0.12;

export function seamBlocks(tensors: readonly TensorCard[]): readonly SeamBlock[] {
  const blocks: SeamBlock[] = [];
  for (let from = 0; from < tensors.length; ) {
    const block = tensors[from]?.block ?? "";
    let to = from;
    while (to < tensors.length && tensors[to]?.block === block) to++;
    blocks.push({ block, from, to });
    from = to;
  }
  return blocks;
}

/** Spreads the columns over a width in CSS pixels, with gaps between the blocks. */
export function seamColumns(tensors: readonly TensorCard[], width: number): SeamColumns {
  const blocks = seamBlocks(tensors);
  const gap = Math.min(GAP, (GAPS_SHARE * width) / Math.max(1, blocks.length - 1));
  const cell = Math.max(0, width - gap * (blocks.length - 1)) / Math.max(1, tensors.length);
  const lefts = new Float64Array(tensors.length);
  blocks.forEach(({ from, to }, b) => {
    for (let i = from; i < to; i++) lefts[i] = i * cell + b * gap;
  });
  return { blocks, lefts, cell };
}

/** The column under x, or the nearest; −1 when there are none. */
export function columnAt({ lefts }: SeamColumns, x: number): number {
  let low = 0;
  let high = lefts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((lefts[middle] ?? 0) <= x) low = middle;
    else high = middle - 1;
  }
  return high;
}

/** True for quantities that belong to pairs of experts, so that there is one row for all. */
export function isOfPairs(quantity: SeamQuantity): boolean {
  return quantity === "conflict" || quantity === "cosine";
}

/** Fills the map: densities from the rules at once and else from the last merge, the rest from the statistics. */
export function seamValues(
  source: SiteSource,
  stats: Readonly<Record<string, TensorStats>>,
  tensors: readonly TensorCard[],
  experts: readonly string[],
  quantity: SeamQuantity,
): SeamValues {
  const rows = isOfPairs(quantity) ? 1 : experts.length;
  const columns = tensors.length;
  const map = {
    values: new Float32Array(rows * columns).fill(Number.NaN),
    byHand: new Uint8Array(rows * columns),
    fromBase: new Uint8Array(columns),
  };
  tensors.forEach((card, t) => {
    if (quantity === "density") fillDensities(map, source, card, experts, t, columns);
    else fillStatistics(map.values, stats[card.name], experts, quantity, t, columns);
    if (resolvedTensor(source, card)?.keep === "base") map.fromBase[t] = 1;
  });
  return { ...map, rows, columns, ...scaleOf(map.values, quantity) };
}

type Map = Pick<SeamValues, "values" | "byHand">;

function fillDensities(
  { values, byHand }: Map,
  source: SiteSource,
  card: TensorCard,
  experts: readonly string[],
  column: number,
  columns: number,
): void {
  const own = resolvedTensor(source, card);
  const sites = mergedTensor(source.summary, card)?.sites ?? [];
  experts.forEach((expert, k) => {
    const at = k * columns + column;
    const site =
      own?.sites[k]?.expert === expert ? own.sites[k] : own?.sites.find((row) => row.expert === expert);
    const merged = sites[k]?.expert === expert ? sites[k] : sites.find((row) => row.expert === expert);
    const rule = site?.densityRule === undefined ? undefined : source.recipe?.rules[site.densityRule];
    values[at] = site?.density ?? merged?.density ?? Number.NaN;
    if (rule && ruleKind(rule) === "hand") byHand[at] = 1;
    if (own?.keep !== undefined) values[at] = own.keep === expert ? 1 : 0;
  });
}

function fillStatistics(
  values: Float32Array,
  stats: TensorStats | undefined,
  experts: readonly string[],
  quantity: Exclude<SeamQuantity, "density">,
  column: number,
  columns: number,
): void {
  if (!stats) return;
  if (quantity !== "norm") {
    values[column] = stats[quantity];
    return;
  }
  experts.forEach((expert, k) => {
    const row =
      stats.experts[k]?.expert === expert ? stats.experts[k] : stats.experts.find((s) => s.expert === expert);
    if (row) values[k * columns + column] = row.norm;
  });
}

/** Shares run from 0 to 1; norms from 0 to the largest; pairs' numbers between the extremes, 0 included. */
function scaleOf(values: Float32Array, quantity: SeamQuantity): Pick<SeamValues, "low" | "high"> {
  if (quantity === "density") return { low: 0, high: 1 };
  let low = 0;
  let high = 0;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return { low, high: high > low ? high : low + 1 };
}
