import { Check, Download, Trash2 } from "lucide-react";
import { useMemo } from "react";
import { commands } from "#app/commands.ts";
import { useApp } from "#app/store.ts";
import type { EvidenceCard } from "#core/summary.ts";
import { Button, IconButton } from "../controls/Button.tsx";
import { useFormats } from "../format.ts";
import { storedLineWords } from "../storage/stored-line-words.ts";
import { isEvidenceStored, STORING_MS } from "../storage/use-stored.ts";
import { useDelayed } from "../use-delayed.ts";
import { useWords } from "../words.ts";
import { evidenceName, isTrainingMask, isUsed, takeUp } from "./evidence-name.ts";
import { evidenceWords } from "./evidence-words.ts";
import { jobWords } from "./job-words.ts";
import styles from "./workbench.module.css";

interface EvidenceRowProps {
  readonly id: EvidenceCard["id"];
  /** What stands above it says already what it is. */
  readonly isTitled?: boolean;
}

/** A piece of evidence: what it says of whom, and what can be done with it. */
export function EvidenceRow({ id, isTitled = false }: EvidenceRowProps) {
  const words = useWords(evidenceWords);
  const gone = useWords(jobWords).gone;
  const unstored = useWords(storedLineWords).onlyHere;
  const format = useFormats();
  const card = useApp(({ evidence }) => evidence.find((one) => one.id === id));
  const library = useApp((state) => state.library);
  const isStored = useApp((state) => isEvidenceStored(state, id));
  const isUnstored = useDelayed(isStored === false, STORING_MS);
  if (!card) return <li className="muted">{gone}</li>;
  const name = evidenceName(card, library, words);
  const facts = [
    ...(card.density === undefined ? [] : [words.weights(format.percent(card.density))]),
    words.examples(format.count(card.about.examples)),
    format.bytes(card.bytes),
    ...(isUnstored ? [unstored] : []),
  ];
  return (
    <li className={styles.piece}>
      <span className={styles.chip}>
        {isTitled ? null : <b>{name}</b>}
        <span className="muted">{facts.join(" · ")}</span>
      </span>
      <span className={styles.uses}>
        <Use card={card} />
        <IconButton
          label={words.save(name)}
          icon={<Download size={15} aria-hidden />}
          onClick={() => commands().work((work) => work.saveEvidence(id))}
        />
        <IconButton
          label={words.forget(name)}
          icon={<Trash2 size={15} aria-hidden />}
          onClick={() => commands().work((work) => work.forgetEvidence(id))}
        />
      </span>
    </li>
  );
}

/** Masks of the base are trained under; everything else is read by recipes. */
function Use({ card }: { readonly card: EvidenceCard }) {
  const words = useWords(evidenceWords);
  const recipe = useApp((state) => state.recipe);
  const used = useMemo(() => recipe !== undefined && isUsed(card, recipe), [card, recipe]);
  const params = useApp((state) => state.drafts.train.params);
  const edit = useApp((state) => state.edit);
  const draft = useApp((state) => state.draft);
  const openForm = useApp((state) => state.openForm);
  if (isTrainingMask(card)) {
    const train = () => {
      draft("train", { mask: card.id, task: card.about.task, params: { ...params, mode: "sparse" } });
      openForm("train");
    };
    return <Button onClick={train}>{words.train}</Button>;
  }
  if (used) {
    return (
      <span className={styles.used}>
        <Check size={14} aria-hidden />
        {words.used}
      </span>
    );
  }
  return <Button onClick={() => edit((current) => takeUp(current, card))}>{words.use}</Button>;
}
