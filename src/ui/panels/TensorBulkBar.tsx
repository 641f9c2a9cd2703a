import { Lock, LockOpen, RotateCcw, X } from "lucide-react";
import { useState } from "react";
import { store, useApp } from "#app/store.ts";
import { setLocked, setTensorDensity, setTensorKeep, setTensorLambda } from "#core/recipe/edit-tensors.ts";
import type { Recipe } from "#core/recipe/schema.ts";
import type { TensorCard } from "#core/summary.ts";
import { Button, IconButton } from "../controls/Button.tsx";
import { useFormats } from "../format.ts";
import { resetByHand, scaleRates, unlocked } from "../tensor-bulk.ts";
import { useWords } from "../words.ts";
import styles from "./TensorBulkBar.module.css";
import { TensorBulkNumber } from "./TensorBulkNumber.tsx";
import { TensorBulkRate } from "./TensorBulkRate.tsx";
import type { ShownExpert } from "./TensorHistogramCell.tsx";
import { bulkWords } from "./tensor-bulk-words.ts";
import { tensorWords } from "./tensor-words.ts";

interface Props {
  /** The selected tensors, in the base's order. */
  readonly cards: readonly TensorCard[];
  /** How many of them the filters hide. */
  readonly hidden: number;
  readonly experts: readonly ShownExpert[];
  /** Says what was done to how many, and how many were skipped. */
  onDone(message: string): void;
}

/** One edit for all selected tensors; locked ones are skipped, and it says so. */
export function TensorBulkBar({ cards, hidden, experts, onDone }: Props) {
  const words = useWords(bulkWords);
  const format = useFormats();
  const select = useApp((state) => state.select);
  const recipe = useApp((state) => state.recipe);
  const [expert, setExpert] = useState<string>();
  const open = unlocked(recipe, cards);
  const names = open.map(({ name }) => name);
  const skipped = cards.length - open.length;
  const scope = expert === undefined ? undefined : [expert];

  const apply = (what: string, change: (recipe: Recipe) => Recipe) => {
    store.getState().edit(change);
    onDone(words.done(what, format.count(open.length), open.length, format.count(skipped), skipped));
  };
  const lock = (what: string, isLocked: boolean) => {
    store.getState().edit((current) =>
      setLocked(
        current,
        cards.map(({ name }) => name),
        isLocked,
      ),
    );
    onDone(words.done(what, format.count(cards.length), cards.length, "", 0));
  };

  return (
    <section className={styles.bar} aria-label={words.bulk}>
      <p className={styles.counts}>
        <strong>{words.selected(format.count(cards.length), cards.length)}</strong>
        {hidden > 0 && <span className="muted"> · {words.notShown(format.count(hidden))}</span>}
        {skipped > 0 && <span className="muted"> · {words.willSkip(format.count(skipped))}</span>}
        <IconButton
          label={words.clearSelection}
          icon={<X size={14} aria-hidden />}
          className={styles.close}
          onClick={() => select([], "replace")}
        />
      </p>
      <div className={styles.edits}>
        <ExpertScope experts={experts} value={expert} onChange={setExpert} />
        <TensorBulkRate
          cards={open}
          experts={scope ?? experts.map(({ id }) => id)}
          onSet={(rate) =>
            apply(words.dropRate, (current) => setTensorDensity(current, names, scope, 1 - rate))
          }
        />
        <TensorBulkNumber
          label={words.factor}
          action={words.scale}
          initial={1}
          range={{ min: 0, max: 10, step: 0.05 }}
          prefix="×"
          disabled={open.length === 0}
          onApply={(factor) =>
            apply(words.scale, (current) =>
              scaleRates(current, store.getState(), open, scope ?? experts.map(({ id }) => id), factor),
            )
          }
        />
        <TensorBulkNumber
          label={words.lambda}
          action={words.setLambda}
          initial={recipe?.lambda ?? 1}
          range={{ min: -2, max: 2, step: 0.05 }}
          prefix="λ"
          disabled={open.length === 0}
          onApply={(lambda) => apply(words.setLambda, (current) => setTensorLambda(current, names, lambda))}
        />
        <Button
          disabled={open.length === 0}
          onClick={() => apply(words.keepBase, (current) => setTensorKeep(current, names, "base"))}
        >
          {words.keepBase}
        </Button>
        <Button
          disabled={open.length === 0}
          onClick={() => apply(words.mergeAgain, (current) => setTensorKeep(current, names, undefined))}
        >
          {words.mergeAgain}
        </Button>
        <span className={styles.group}>
          <IconButton
            label={words.lockAll}
            icon={<Lock size={15} aria-hidden />}
            disabled={skipped === cards.length}
            onClick={() => lock(words.lockAll, true)}
          />
          <IconButton
            label={words.unlockAll}
            icon={<LockOpen size={15} aria-hidden />}
            disabled={skipped === 0}
            onClick={() => lock(words.unlockAll, false)}
          />
        </span>
        <Button
          icon={<RotateCcw size={14} aria-hidden />}
          disabled={open.length === 0}
          onClick={() => apply(words.resetAll, (current) => resetByHand(current, names))}
        >
          {words.resetAll}
        </Button>
      </div>
    </section>
  );
}

interface ScopeProps {
  readonly experts: readonly ShownExpert[];
  readonly value: string | undefined;
  onChange(expert: string | undefined): void;
}

/** Whose drop rates the edits set. */
function ExpertScope({ experts, value, onChange }: ScopeProps) {
  const words = useWords(bulkWords);
  const { everyExpert } = useWords(tensorWords);
  return (
    <select
      className={styles.select}
      aria-label={words.applyTo}
      value={value ?? ""}
      onChange={(event) => onChange(event.currentTarget.value || undefined)}
    >
      <option value="">{everyExpert}</option>
      {experts.map(({ id, label }) => (
        <option key={id} value={id}>
          {label}
        </option>
      ))}
    </select>
  );
}
