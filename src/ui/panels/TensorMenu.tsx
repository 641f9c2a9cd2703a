import { Popover } from "@base-ui/react/popover";
import { RotateCcw } from "lucide-react";
import { useId } from "react";
import { useApp } from "#app/store.ts";
import { resetTensor, setLocked, setTensorKeep, setTensorLambda } from "#core/recipe/edit-tensors.ts";
import type { TensorCard } from "#core/summary.ts";
import { Button, IconButton } from "../controls/Button.tsx";
import { Choice } from "../controls/Choice.tsx";
import { Field } from "../controls/Field.tsx";
import { NumberEntry } from "../controls/NumberEntry.tsx";
import overlays from "../controls/overlays.module.css";
import { Switch } from "../controls/Switch.tsx";
import { useFormats } from "../format.ts";
import { tensorView } from "../tensor-sites.ts";
import { useWords } from "../words.ts";
import { TensorFacts } from "./TensorFacts.tsx";
import type { ShownExpert } from "./TensorHistogramCell.tsx";
import styles from "./TensorMenu.module.css";
import { tensorWords } from "./tensor-words.ts";

interface Props {
  readonly card: TensorCard;
  /** The button that it belongs to. */
  readonly anchor: HTMLElement;
  readonly experts: readonly ShownExpert[];
  onClose(): void;
}

/** Everything about one tensor that has no column: λ, where it is taken from, lock, reset, and its statistics. */
export function TensorMenu({ card, anchor, experts, onClose }: Props) {
  return (
    <Popover.Root open onOpenChange={(open) => !open && onClose()}>
      <Popover.Portal>
        <Popover.Positioner
          anchor={anchor}
          side="bottom"
          align="end"
          sideOffset={4}
          collisionPadding={8}
          className={overlays.positioner}
        >
          <Popover.Popup className={overlays.sheet} finalFocus={() => anchor.closest("td")}>
            <Popover.Title className={styles.title}>{card.name}</Popover.Title>
            <TensorFacts card={card} experts={experts} />
            <Edits card={card} experts={experts} />
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}

function Edits({ card, experts }: Pick<Props, "card" | "experts">) {
  const words = useWords(tensorWords);
  const edit = useApp((state) => state.edit);
  const { isLocked } = useApp((state) => tensorView(state, card));
  return (
    <div className={styles.edits}>
      <Lambda card={card} />
      <Keep card={card} experts={experts} />
      <Switch
        label={words.lockTensor}
        help={words.lockHelp}
        checked={isLocked}
        onChange={(locked) => edit((recipe) => setLocked(recipe, [card.name], locked))}
      />
      <Button
        icon={<RotateCcw size={14} aria-hidden />}
        disabled={isLocked}
        onClick={() => edit((recipe) => resetTensor(recipe, card.name))}
      >
        {words.resetTensor}
      </Button>
    </div>
  );
}

function Lambda({ card }: { card: TensorCard }) {
  const id = useId();
  const words = useWords(tensorWords);
  const format = useFormats();
  const edit = useApp((state) => state.edit);
  const global = useApp((state) => state.recipe?.lambda);
  const { lambda, hasOwnLambda } = useApp((state) => tensorView(state, card));
  const set = (value: number | undefined) => edit((recipe) => setTensorLambda(recipe, [card.name], value));
  return (
    <Field label={words.lambdaOf} controlId={id} className={styles.lambda}>
      <span className={styles.pair}>
        <NumberEntry id={id} value={lambda ?? global ?? 0} min={-2} max={2} step={0.05} onChange={set} />
        {hasOwnLambda ? (
          <IconButton
            label={words.lambdaReset}
            icon={<RotateCcw size={14} aria-hidden />}
            onClick={() => set(undefined)}
          />
        ) : (
          <span className="muted">
            {words.lambdaGlobal}
            {global === undefined ? null : ` (${format.at(0.01, global)})`}
          </span>
        )}
      </span>
    </Field>
  );
}

const MERGE = "";

function Keep({ card, experts }: Pick<Props, "card" | "experts">) {
  const words = useWords(tensorWords);
  const edit = useApp((state) => state.edit);
  const { keep } = useApp((state) => tensorView(state, card));
  const options = [
    { value: MERGE, label: words.keepMerge },
    { value: "base", label: words.base },
    ...experts.map(({ id, label }) => ({ value: id, label })),
  ];
  return (
    <Choice
      label={words.keep}
      options={options}
      value={keep ?? MERGE}
      onChange={(value) => edit((recipe) => setTensorKeep(recipe, [card.name], value || undefined))}
    />
  );
}
