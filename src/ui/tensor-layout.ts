/** Which columns of the tensor table fit a width. Pure; what does not fit stays reachable in the row's menu. */
import type { SortKey } from "#app/slices/view.ts";

type ColumnKind =
  | "name"
  | "role"
  | "shape"
  | "histogram"
  | "norm"
  | "conflict"
  | "cosine"
  | "rate"
  | "actions";

export interface Column {
  readonly key: string;
  readonly kind: ColumnKind;
  /** Experts whose rate the column shows: one, or all of them at once. Empty for other kinds. */
  readonly experts: readonly string[];
  readonly sort: SortKey | undefined;
}

export interface TableLayout {
  readonly columns: readonly Column[];
  /** For grid-template-columns. */
  readonly template: string;
  /** Least width in CSS pixels. */
  readonly width: number;
  /** True when the pane is narrower still, so that the table scrolls sideways. */
  readonly isWide: boolean;
  /** False when one rate column stands for the chosen expert. */
  readonly hasAllRates: boolean;
  /** Sort keys whose column does not fit. */
  readonly hiddenSorts: readonly SortKey[];
}

/** What the vertical scroll bar may take. */
const SCROLL_BAR = 15;

/** More experts than this never stand side by side. */
const MAX_RATES = 4;

/** Least widths in CSS pixels, and the share of spare room that a column takes. */
const sizes: Readonly<Record<ColumnKind, readonly [least: number, share: number]>> = {
  name: [176, 3],
  role: [84, 0],
  shape: [74, 0],
  histogram: [72, 2],
  norm: [64, 0],
  conflict: [70, 0],
  cosine: [66, 0],
  rate: [124, 3],
  actions: [54, 0],
};

const sorts: Readonly<Partial<Record<ColumnKind, SortKey>>> = {
  name: "name",
  role: "role",
  shape: "count",
  norm: "norm",
  conflict: "conflict",
  cosine: "cosine",
  rate: "density",
};

/** Columns that give way, the least wanted first. */
const optional: readonly ColumnKind[] = ["shape", "role", "conflict", "cosine", "norm", "histogram"];
const order: readonly ColumnKind[] = ["name", "role", "shape", "histogram", "norm", "conflict", "cosine"];

/** Lays the table out for a pane `paneWidth` CSS pixels wide; `chosen` is the expert of the switch, undefined = all. */
export function layoutTable(
  paneWidth: number,
  experts: readonly string[],
  chosen: string | undefined,
): TableLayout {
  const width = paneWidth - SCROLL_BAR;
  const needed = sizes.name[0] + sizes.histogram[0] + sizes.actions[0];
  const hasAllRates = experts.length <= MAX_RATES && needed + experts.length * sizes.rate[0] <= width;
  const rates = hasAllRates
    ? experts.map((expert) => column("rate", [expert]))
    : experts.length > 0
      ? [column("rate", chosen === undefined ? experts : [chosen])]
      : [];

  const shown = new Set(order);
  const total = () =>
    [...shown].reduce((sum, kind) => sum + sizes[kind][0], rates.length * sizes.rate[0] + sizes.actions[0]);
  for (const kind of optional) if (total() > width) shown.delete(kind);

  const columns = [
    ...order.filter((kind) => shown.has(kind)).map((kind) => column(kind)),
    ...rates,
    column("actions"),
  ];
  return {
    columns,
    template: columns.map(({ kind }) => track(kind)).join(" "),
    width: total(),
    isWide: total() > width,
    hasAllRates,
    hiddenSorts: optional.flatMap((kind) => (shown.has(kind) ? [] : (sorts[kind] ?? []))),
  };
}

function column(kind: ColumnKind, experts: readonly string[] = []): Column {
  return { key: [kind, ...experts].join(" "), kind, experts, sort: sorts[kind] };
}

function track(kind: ColumnKind): string {
  const [least, share] = sizes[kind];
  return share === 0 ? `${least}px` : `minmax(${least}px, ${share}fr)`;
}
