import { ChartNoAxesGantt, Table2 } from "lucide-react";
import { useDeferredValue, useId, useMemo, useState } from "react";
import type { SeamQuantity } from "#app/slices/view.ts";
import { useApp } from "#app/store.ts";
import type { TensorCard } from "#core/summary.ts";
import { IconButton } from "../controls/Button.tsx";
import { TaskMark } from "../controls/TaskMark.tsx";
import { useWords } from "../words.ts";
import styles from "./SeamMap.module.css";
import { SeamMapBlocks } from "./SeamMapBlocks.tsx";
import { SeamMapLegend } from "./SeamMapLegend.tsx";
import { SeamMapStage } from "./SeamMapStage.tsx";
import { SeamMapTable } from "./SeamMapTable.tsx";
import { type SeamRow, useSeamText } from "./seam-map-describe.ts";
import { isOfPairs, seamColumns, seamValues } from "./seam-map-model.ts";
import { type SeamGeometry, seamHeight } from "./seam-map-paint.ts";
import { seamWords } from "./seam-map-words.ts";
import { useWidth } from "./use-width.ts";

interface Props {
  /** In depth order. */
  readonly tensors: readonly TensorCard[];
  readonly experts: readonly SeamRow[];
  /** The user asks for a tensor: the table scrolls to it. */
  onReveal(name: string): void;
}

const GAP = 2;

/** Experts × tensors in depth order as one strip of cells: what the merge keeps, and where it was touched by hand. */
export function SeamMap(props: Props) {
  const title = useId();
  const words = useWords(seamWords);
  const quantity = useApp((state) => state.seamQuantity);
  const [isTable, setTable] = useState(false);
  if (props.tensors.length === 0 || props.experts.length === 0) return null;

  return (
    <figure className={styles.figure} aria-labelledby={title}>
      <figcaption className={styles.head}>
        <span id={title} className={styles.title}>
          <span className="pane-title">{words.seam}</span>{" "}
          <span className={styles.what}>{words.quantityTitle[quantity]}</span>
        </span>
        <QuantityChoice value={quantity} />
        <IconButton
          label={isTable ? words.seamPicture : words.seamTable}
          aria-pressed={isTable}
          icon={isTable ? <ChartNoAxesGantt size={15} aria-hidden /> : <Table2 size={15} aria-hidden />}
          onClick={() => setTable(!isTable)}
        />
      </figcaption>
      <SeamMapBody {...props} quantity={quantity} isTable={isTable} />
    </figure>
  );
}

type BodyProps = Props & { readonly quantity: SeamQuantity; readonly isTable: boolean };

/** What follows a drag. */
function SeamMapBody({ tensors, experts, onReveal, quantity, isTable }: BodyProps) {
  const words = useWords(seamWords);
  const [readout, setReadout] = useState("");
  const [stage, width] = useWidth<HTMLDivElement>();
  const map = useSeamMap(tensors, experts, quantity);
  const columns = useMemo(() => seamColumns(tensors, width), [tensors, width]);
  const geometry = useGeometry(width, experts.length, map.rows);
  const rows = isOfPairs(quantity) ? [{ id: "", label: words.pairs, task: undefined }] : experts;
  const text = useSeamText({ tensors, rows, map, quantity });
  return (
    <>
      <p className="visually-hidden">{text.summary()}</p>
      <div className={styles.body} hidden={isTable}>
        <Gutter rows={rows} height={geometry.rowHeight} />
        <div ref={stage} className={styles.stage}>
          <SeamMapStage
            {...{ tensors, map, columns, geometry, onReveal }}
            describe={text.cell}
            onPoint={(at) => setReadout(at ? text.cell(at) : "")}
          />
          <SeamMapBlocks columns={columns} top={seamHeight(map.rows, geometry)} />
        </div>
      </div>
      {isTable && <SeamMapTable {...{ tensors, map, rows, quantity }} />}
      <SeamMapLegend map={map} quantity={quantity} readout={readout} />
    </>
  );
}

function Gutter({ rows, height }: { rows: readonly SeamRow[]; height: number }) {
  return (
    <ul className={styles.gutter}>
      {rows.map(({ id, label, task }) => (
        <li key={id} style={{ blockSize: height, marginBlockEnd: GAP }}>
          {task === undefined ? null : <TaskMark index={task} size={9} />}
          <span className={styles.rowName} title={label}>
            {label}
          </span>
        </li>
      ))}
    </ul>
  );
}

/** The cells, one render behind a drag when the page is busy: the slider goes first. */
function useSeamMap(tensors: readonly TensorCard[], experts: readonly SeamRow[], quantity: SeamQuantity) {
  const recipe = useDeferredValue(useApp((state) => state.recipe));
  const summary = useDeferredValue(useApp((state) => state.summary));
  const library = useApp((state) => state.library);
  const stats = useApp((state) => state.stats);
  return useMemo(() => {
    const ids = experts.map(({ id }) => id);
    return seamValues({ recipe, summary, library }, stats, tensors, ids, quantity);
  }, [recipe, summary, library, stats, tensors, experts, quantity]);
}

/** The strip is as high for one row as for all, so that nothing jumps when the quantity changes. */
function useGeometry(width: number, experts: number, rows: number): SeamGeometry {
  return useMemo(() => {
    const least = experts <= 4 ? 15 : experts <= 8 ? 12 : 9;
    const whole = experts * least + (experts - 1) * GAP;
    return { width, rowGap: GAP, rowHeight: rows === experts ? least : whole };
  }, [width, experts, rows]);
}

const quantities = ["density", "norm", "conflict", "cosine"] as const satisfies readonly SeamQuantity[];

function QuantityChoice({ value }: { value: SeamQuantity }) {
  const name = useId();
  const words = useWords(seamWords);
  const patchView = useApp((state) => state.patchView);
  return (
    <div role="radiogroup" aria-label={words.seamQuantity} className={styles.switch}>
      {quantities.map((quantity) => (
        <label key={quantity} className={styles.segment}>
          <input
            type="radio"
            name={name}
            className="visually-hidden"
            checked={quantity === value}
            onChange={() => patchView({ seamQuantity: quantity })}
          />
          {words.quantities[quantity]}
        </label>
      ))}
    </div>
  );
}
