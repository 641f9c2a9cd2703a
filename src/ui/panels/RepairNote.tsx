import { commands } from "#app/commands.ts";
import { useApp } from "#app/store.ts";
import type { Repair } from "#core/recipe/repair.ts";
import type { ExpertCard } from "#core/summary.ts";
import { Button } from "../controls/Button.tsx";
import { useFormats } from "../format.ts";
import { defineWords, useWords } from "../words.ts";
import styles from "./expert-card.module.css";

const words = defineWords({
  en: {
    replaced: (entries: string, isOne: boolean, tensors: string, by: string) =>
      `Repaired: ${entries} ${isOne ? "entry" : "entries"} in ${tensors} ${tensors === "1" ? "tensor" : "tensors"} ${isOne ? "is" : "are"} no ${isOne ? "number" : "numbers"}; ${by}`,
    by: { base: "the base’s stand in", zero: "0 stands in" },
    instead: { base: "Take the base’s instead", zero: "Take 0 instead" },
    insteadNote: "Opens the file again as another expert and switches this one off",
  },
  ja: {
    replaced: (entries, _isOne, tensors, by) =>
      `修復済み: テンソル ${tensors} 個の要素 ${entries} 個が数値でないため、${by}`,
    by: { base: "ベースの値で補っています", zero: "0 で補っています" },
    instead: { base: "ベースの値で補い直す", zero: "0 で補い直す" },
    insteadNote: "ファイルを別のエキスパートとして開き直し、これは使わないようにします",
  },
});

/** Says that an expert's file had entries that are no numbers and what stands in for them, which can be changed. */
export function RepairNote({ card, step }: { readonly card: ExpertCard; readonly step: number }) {
  const text = useWords(words);
  const checkpoint = card.checkpoints.find((one) => one.step === step);
  if (!checkpoint?.repair) return null;
  const { file, repair } = checkpoint;
  const other = repair.by === "base" ? "zero" : "base";
  return (
    <div className={styles.repair}>
      <RepairText repair={repair} />
      <Button
        look="quiet"
        title={text.insteadNote}
        onClick={() => commands().repairAnew(card.id, file, other)}
      >
        {text.instead[other]}
      </Button>
    </div>
  );
}

/** The same of the base, which only 0 can mend; nothing for a sound one. */
export function BaseRepairNote() {
  const repair = useApp((state) => state.library?.base.repair);
  return repair ? <RepairText repair={repair} /> : null;
}

function RepairText({ repair: { by, nan, infinite, tensors } }: { readonly repair: Repair }) {
  const text = useWords(words);
  const format = useFormats();
  const entries = nan + infinite;
  return (
    <p className={styles.repairText}>
      {text.replaced(format.count(entries), entries === 1, format.count(tensors), text.by[by])}
    </p>
  );
}
