import { Plus } from "lucide-react";
import { type KeyboardEvent, useRef, useState } from "react";
import { useApp } from "#app/store.ts";
import { addSparsifier, moveSparsifier } from "#core/recipe/edit.ts";
import { useCards } from "../cards.ts";
import { Button, join } from "../controls/Button.tsx";
import { MenuButton } from "../controls/MenuButton.tsx";
import { isApple } from "../keys.ts";
import { shortLabel } from "../recipe-sentence.ts";
import { useWords } from "../words.ts";
import { Chip } from "./Chip.tsx";
import chipStyles from "./chip.module.css";
import { Sign } from "./RecipeSentence.tsx";
import styles from "./recipe.module.css";
import { recipeWords } from "./recipe-words.ts";
import { useReorder } from "./use-reorder.ts";

/** A chain has at most this many, as the recipe's schema says. */
const MAX_CHAIN = 8;

/** The sparsifiers in order: drag a chip, or Alt and an arrow key, to move it. */
export function SparsifierChain() {
  const text = useWords(recipeWords);
  const uses = useApp((state) => state.recipe?.sparsifiers);
  const edit = useApp((state) => state.edit);
  const patchView = useApp((state) => state.patchView);
  const openChip = useApp((state) => state.openChip);
  const { sparsifiers } = useCards();
  const list = useRef<HTMLSpanElement>(null);
  const [said, say] = useState("");

  const move = (from: number, to: number) => {
    if (!uses || to < 0 || to >= uses.length || to === from) return;
    edit((recipe) => moveSparsifier(recipe, from, to));
    patchView({ openChip: reopened(openChip, from, to) });
    say(text.moved(shortLabel(sparsifiers, uses[from]?.id ?? ""), to + 1, uses.length));
    requestAnimationFrame(() => {
      list.current?.querySelectorAll<HTMLElement>("[data-chip]")[to]?.focus();
    });
  };
  const { dragged, target, handlers } = useReorder(list, move);
  const onKeyDown = (event: KeyboardEvent, index: number) => {
    const by = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[event.key];
    if (!event.altKey || by === undefined) return;
    event.preventDefault();
    move(index, index + by);
  };
  const alt = isApple ? "⌥" : "Alt ";

  return (
    <span ref={list} className={styles.chain}>
      {uses?.map((use, index) => (
        // The chain has no ids of its own: the place is the identity.
        // biome-ignore lint/suspicious/noArrayIndexKey: see above
        <span key={`${use.id}-${index}`} className={styles.word}>
          <Sign says={text.next}>→</Sign>
          <Chip
            id={`sparsifier:${index}`}
            isOff={!use.enabled}
            title={text.reorder(`${alt}←`, `${alt}→`)}
            className={join(
              styles.draggable,
              dragged === index && styles.dragged,
              target === index &&
                dragged !== index &&
                (target < (dragged ?? 0) ? styles.before : styles.after),
            )}
            onKeyDown={(event) => onKeyDown(event, index)}
            {...handlers(index)}
          >
            {shortLabel(sparsifiers, use.id)}
          </Chip>
        </span>
      ))}
      <span className={styles.word}>
        {uses && uses.length === 0 ? <Sign says={text.next}>→</Sign> : null}
        <AddSparsifier count={uses?.length ?? 0} />
      </span>
      <span role="status" className="visually-hidden">
        {said}
      </span>
    </span>
  );
}

function AddSparsifier({ count }: { readonly count: number }) {
  const text = useWords(recipeWords);
  const { sparsifiers } = useCards();
  const edit = useApp((state) => state.edit);
  const patchView = useApp((state) => state.patchView);
  const isFull = count >= MAX_CHAIN;
  const actions = sparsifiers.map(({ id, label, summary }) => ({
    id,
    label,
    note: summary,
    run: () => {
      edit((recipe) => addSparsifier(recipe, id));
      patchView({ openChip: `sparsifier:${count}` });
    },
  }));
  const trigger = (
    <Button
      look="quiet"
      aria-label={text.addSparsifier}
      title={isFull ? text.chainFull : text.addSparsifier}
      disabled={isFull}
      icon={<Plus size={13} aria-hidden />}
      className={chipStyles.add}
    >
      {count === 0 ? text.addSparsifier : null}
    </Button>
  );
  return <MenuButton trigger={trigger} groups={[{ id: "add", actions }]} />;
}

/** The open chip's name after a move: it follows what it showed. */
function reopened(openChip: string | undefined, from: number, to: number): string | undefined {
  const index = Number(openChip?.match(/^sparsifier:(\d+)$/)?.[1]);
  if (!Number.isInteger(index)) return openChip;
  if (index === from) return `sparsifier:${to}`;
  const without = index > from ? index - 1 : index;
  return `sparsifier:${without >= to ? without + 1 : without}`;
}
