import { commands } from "#app/commands.ts";
import { methodCards } from "#core/catalog.ts";
import type { ExpertCard } from "#core/summary.ts";
import { Button } from "../controls/Button.tsx";
import { defineWords, useWords } from "../words.ts";
import styles from "./merged-note.module.css";

// Apart from the dialogs' words: this is part of the first load.
const words = defineWords({
  en: { note: (method: string) => `A merge by ${method}`, open: "Where it comes from" },
  ja: { note: (method: string) => `${method} によるマージ`, open: "由来を見る" },
});

/** Says that an expert is itself a merge, and leads to where it comes from; nothing for all others. */
export function MergedNote({ card, step }: { readonly card: ExpertCard; readonly step: number }) {
  const text = useWords(words);
  const method = card.checkpoints.find((checkpoint) => checkpoint.step === step)?.mergedBy;
  if (method === undefined) return null;
  const label = methodCards.find(({ id }) => id === method)?.label ?? method;
  return (
    <p className={styles.note}>
      <span className="muted">{text.note(label)}</span>
      <Button
        look="quiet"
        onClick={() => commands().exchange((exchange) => exchange.showAncestry(card.id, step))}
      >
        {text.open}
      </Button>
    </p>
  );
}
