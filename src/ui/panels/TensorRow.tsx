import { Ellipsis, Lock, LockOpen } from "lucide-react";
import { memo } from "react";
import { useApp } from "#app/store.ts";
import { setLocked } from "#core/recipe/edit-tensors.ts";
import type { TensorCard, TensorStats } from "#core/summary.ts";
import type { Column, TableLayout } from "../tensor-layout.ts";
import { splitName } from "../tensor-rows.ts";
import { tensorView } from "../tensor-sites.ts";
import { type ShownExpert, TensorHistogramCell } from "./TensorHistogramCell.tsx";
import { TensorRateCell } from "./TensorRateCell.tsx";
import styles from "./TensorTable.module.css";
import { figure } from "./tensor-describe.ts";
import { isSelected } from "./tensor-selection.ts";
import { useTensorText } from "./tensor-text.ts";

interface Props {
  readonly card: TensorCard;
  /** Its place among the lines. */
  readonly line: number;
  /** CSS pixels from the top of the body. */
  readonly top: number;
  readonly layout: TableLayout;
  /** Whose histogram and norm are shown. */
  readonly experts: readonly ShownExpert[];
  /** What the rate columns are called, by column key. */
  readonly rateNames: ReadonlyMap<string, string>;
  /** The column that Tab reaches, when it is in this row. */
  readonly activeColumn: number | undefined;
}

/** One tensor. Its cells select their own leaves of the state, so that a drag renders one row. */
export const TensorRow = memo(function TensorRow(props: Props) {
  const { card, line, top, layout, activeColumn } = props;
  const selected = useApp((state) => isSelected(state.selection, card.name));
  const { keep, isLocked } = useApp((state) => tensorView(state, card));
  return (
    <tr
      aria-rowindex={line + 2}
      aria-selected={selected}
      className={styles.row}
      style={{ insetBlockStart: top }}
      data-line={line}
      data-name={card.name}
      data-kept={keep === undefined ? undefined : ""}
      data-locked={isLocked || undefined}
    >
      {layout.columns.map((column, i) => (
        <td
          key={column.key}
          tabIndex={i === activeColumn ? 0 : -1}
          className={styles.cell}
          data-kind={column.kind}
          data-column={i}
          data-experts={column.kind === "rate" ? column.experts.join(" ") : undefined}
        >
          <CellContent {...props} column={column} isLocked={isLocked} />
        </td>
      ))}
    </tr>
  );
});

type ContentProps = Props & { readonly column: Column; readonly isLocked: boolean };

function CellContent({ column, card, experts, rateNames, isLocked }: ContentProps) {
  const { words } = useTensorText();
  switch (column.kind) {
    case "name":
      return <Name card={card} />;
    case "role":
      return words.roles[card.role];
    case "shape":
      return card.shape.join("×") || "1";
    case "histogram":
      return <TensorHistogramCell card={card} experts={experts} />;
    case "norm":
    case "conflict":
    case "cosine":
      return <Statistic card={card} kind={column.kind} experts={experts} />;
    case "rate":
      return (
        <TensorRateCell card={card} experts={column.experts} expertName={rateNames.get(column.key) ?? ""} />
      );
    case "actions":
      return <Actions card={card} isLocked={isLocked} />;
    default:
      return column.kind satisfies never;
  }
}

function Name({ card }: { card: TensorCard }) {
  const [block, rest] = splitName(card);
  return (
    <span className={styles.name} title={card.name}>
      {block === "" ? null : (
        <span className={styles.block}>
          <bdi>{block}</bdi>
        </span>
      )}
      <span className={styles.rest}>{rest}</span>
    </span>
  );
}

interface StatisticProps {
  readonly card: TensorCard;
  readonly kind: "norm" | "conflict" | "cosine";
  readonly experts: readonly ShownExpert[];
}

function Statistic({ card, kind, experts }: StatisticProps) {
  const value = useApp(({ stats }) => statistic(stats[card.name], kind, experts));
  const { format } = useTensorText();
  if (value === undefined) return "–";
  return kind === "norm" ? figure(value, format) : format.at(0.01, value);
}

/** A tensor's norm (mean over the shown experts), sign conflict or cosine. */
export function statistic(
  stats: TensorStats | undefined,
  kind: StatisticProps["kind"],
  experts: readonly Pick<ShownExpert, "id">[],
): number | undefined {
  if (!stats) return undefined;
  if (kind !== "norm") return stats[kind];
  const found = stats.experts.filter(({ expert }) => experts.some(({ id }) => id === expert));
  if (found.length === 0) return undefined;
  return found.reduce((sum, { norm }) => sum + norm, 0) / found.length;
}

function Actions({ card, isLocked }: { card: TensorCard; isLocked: boolean }) {
  const { words, edit } = useTensorText();
  const label = isLocked ? words.unlock(card.name) : words.lock(card.name);
  return (
    <>
      <button
        type="button"
        tabIndex={-1}
        className={styles.icon}
        aria-pressed={isLocked}
        aria-label={label}
        title={isLocked ? words.unlockTensor : words.lockTensor}
        data-lock
        onClick={() => edit((recipe) => setLocked(recipe, [card.name], !isLocked))}
      >
        {isLocked ? <Lock size={14} aria-hidden /> : <LockOpen size={14} aria-hidden />}
      </button>
      <button
        type="button"
        tabIndex={-1}
        className={styles.icon}
        aria-haspopup="dialog"
        aria-label={words.more(card.name)}
        data-more
      >
        <Ellipsis size={16} aria-hidden />
      </button>
    </>
  );
}
