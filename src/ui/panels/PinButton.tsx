import { Pin } from "lucide-react";
import { useApp } from "#app/store.ts";
import { Button, IconButton } from "../controls/Button.tsx";
import { MenuButton } from "../controls/MenuButton.tsx";
import { useFormats } from "../format.ts";
import { shortSentence } from "../recipe-sentence.ts";
import { useWords } from "../words.ts";
import styles from "./top-bar.module.css";
import { topWords } from "./top-words.ts";

/** Pins the recipe; once one is pinned, names it and leads back to it. */
export function PinButton({ isShort }: { readonly isShort: boolean }) {
  const text = useWords(topWords);
  const pinned = useApp((state) => state.pinned);
  const pin = useApp((state) => state.pin);
  const isKnown = useApp((state) => state.recipe !== undefined);
  const icon = <Pin size={isShort ? 16 : 14} aria-hidden />;
  if (pinned) return <PinnedMenu isShort={isShort} />;
  if (isShort) return <IconButton label={text.pin} icon={icon} disabled={!isKnown} onClick={pin} />;
  return (
    <Button look="quiet" icon={icon} title={text.pin} disabled={!isKnown} onClick={pin}>
      {text.pinLabel}
    </Button>
  );
}

function PinnedMenu({ isShort }: { readonly isShort: boolean }) {
  const text = useWords(topWords);
  const format = useFormats();
  const pinned = useApp((state) => state.pinned);
  const isCurrent = useApp((state) => state.pinned?.key === state.recipeKey);
  const pin = useApp((state) => state.pin);
  const unpin = useApp((state) => state.unpin);
  const setRecipe = useApp((state) => state.setRecipe);
  if (!pinned) return null;

  const name = shortSentence(pinned.recipe, format);
  const icon = <Pin size={14} aria-hidden className={styles.pin} />;
  const trigger = (
    <Button look="quiet" icon={icon} className={styles.pinned} aria-label={`${text.pinned}: ${name}`}>
      {isShort ? null : <span className={styles.pinnedName}>{name}</span>}
    </Button>
  );
  const actions = [
    {
      id: "return",
      label: text.goBack,
      note: isCurrent ? text.isCurrent : text.isOther(name),
      disabled: isCurrent,
      run: () => setRecipe(pinned.recipe),
    },
    { id: "again", label: text.pinAgain, disabled: isCurrent, run: pin },
    { id: "unpin", label: text.unpin, run: unpin },
  ];
  return <MenuButton trigger={trigger} groups={[{ id: "pin", actions }]} />;
}
