import { lazy, Suspense, useCallback, useDeferredValue, useId, useMemo, useRef, useState } from "react";
import { useApp } from "#app/store.ts";
import type { TensorCard } from "#core/summary.ts";
import { SeamMap } from "../charts/SeamMap.tsx";
import { useWidth } from "../charts/use-width.ts";
import { Button } from "../controls/Button.tsx";
import { layoutTable } from "../tensor-layout.ts";
import { groupByBlock, plainLines, widerGlob } from "../tensor-rows.ts";
import { useWords } from "../words.ts";
import { TensorBulkBar } from "./TensorBulkBar.tsx";
import styles from "./TensorsPanel.module.css";
import { TensorTable, type TensorTableHandle } from "./TensorTable.tsx";
import { TensorToolbar } from "./TensorToolbar.tsx";
import { isSelected } from "./tensor-selection.ts";
import { useShownExperts, useShownTensors } from "./tensor-shown.ts";
import { tensorWords } from "./tensor-words.ts";

const TensorMenu = lazy(async () => ({ default: (await import("./TensorMenu.tsx")).TensorMenu }));

const none: readonly TensorCard[] = [];

/** The seam map above the table of tensors; selected tensors are edited together in a bar below. */
export function TensorsPanel() {
  const heading = useId();
  const words = useWords(tensorWords);
  // Deferred: when the library arrives, the table is made in pieces between frames.
  const tensors = useDeferredValue(useApp((state) => state.library?.tensors ?? none));
  const hasFailed = useApp((state) => state.libraryState === "failed");
  const selection = useApp((state) => state.selection);
  const [frame, width] = useWidth<HTMLDivElement>();
  const table = useRef<TensorTableHandle>(null);
  const [chosen, setChosen] = useState<string>();
  const [sortExperts, setSortExperts] = useState<readonly string[]>([]);
  const [menu, setMenu] = useState<{ readonly card: TensorCard; readonly anchor: HTMLElement }>();
  const [done, setDone] = useState("");

  const experts = useShownExperts();
  const shownExperts = useMemo(
    () => (chosen === undefined ? experts : experts.filter(({ id }) => id === chosen)),
    [experts, chosen],
  );
  const layout = useMemo(
    () =>
      layoutTable(
        width,
        experts.map(({ id }) => id),
        chosen,
      ),
    [width, experts, chosen],
  );
  const { cards, isByDepth } = useShownTensors(tensors, shownExperts, sortExperts);
  const lines = useMemo(() => (isByDepth ? groupByBlock(cards) : plainLines(cards)), [cards, isByDepth]);
  const names = useMemo(() => cards.map(({ name }) => name), [cards]);
  const selected = useMemo(
    () => (selection.length === 0 ? none : tensors.filter(({ name }) => isSelected(selection, name))),
    [tensors, selection],
  );
  const hidden = useMemo(
    () => selected.filter(({ name }) => !isSelected(names, name)).length,
    [selected, names],
  );
  const onMore = useCallback((card: TensorCard, anchor: HTMLElement) => setMenu({ card, anchor }), []);

  return (
    <section className={styles.panel} aria-labelledby={heading}>
      <h2 id={heading} className="visually-hidden">
        {words.title}
      </h2>
      {tensors.length === 0 && !hasFailed ? (
        <div className={styles.seamRoom} />
      ) : (
        <SeamMap tensors={tensors} experts={experts} onReveal={(name) => table.current?.reveal(name)} />
      )}
      <TensorToolbar
        names={names}
        total={tensors.length}
        experts={experts}
        chosen={chosen}
        hiddenSorts={layout.hiddenSorts}
        onChoose={setChosen}
      />
      <div ref={frame} className={styles.frame}>
        {width > 0 && (
          <TensorTable
            ref={table}
            lines={lines}
            layout={layout}
            experts={experts}
            shownExperts={shownExperts}
            sortExperts={sortExperts}
            onSortRate={setSortExperts}
            onMore={onMore}
          />
        )}
        {cards.length === 0 && <Nothing isWaiting={tensors.length === 0} />}
      </div>
      {selected.length > 0 && (
        <TensorBulkBar cards={selected} hidden={hidden} experts={experts} onDone={setDone} />
      )}
      <p className="visually-hidden" aria-live="polite">
        {done}
      </p>
      {menu && (
        <Suspense>
          <TensorMenu {...menu} experts={experts} onClose={() => setMenu(undefined)} />
        </Suspense>
      )}
    </section>
  );
}

function Nothing({ isWaiting }: { isWaiting: boolean }) {
  const words = useWords(tensorWords);
  const filter = useApp((state) => state.filter.trim());
  const role = useApp((state) => state.roleFilter);
  const patchView = useApp((state) => state.patchView);
  if (isWaiting) return <p className={styles.nothing}>{words.waiting}</p>;
  const wider = role === undefined ? widerGlob(filter) : undefined;
  return (
    <div className={styles.nothing}>
      <p>
        {role === undefined ? words.noMatch(filter) : words.noMatchRole} {wider && words.wholeNames}
      </p>
      {wider && <Button onClick={() => patchView({ filter: wider })}>{words.tryGlob(wider)}</Button>}
      <Button onClick={() => patchView({ filter: "", roleFilter: undefined })}>{words.showAll}</Button>
    </div>
  );
}
