import { useApp } from "#app/store.ts";
import { BaseCard } from "./BaseCard.tsx";
import { CHIP_CARD_ID } from "./Chip.tsx";
import { ExpertChipCard } from "./ExpertChipCard.tsx";
import { MethodCard } from "./MethodCard.tsx";
import { RulesCard } from "./RulesCard.tsx";
import styles from "./recipe.module.css";
import { SparsifierCard } from "./SparsifierCard.tsx";

/** The controls and the description of the chip that is open: the method's, until another is chosen. */
export function OpenChipCard() {
  const openChip = useApp((state) => state.openChip);
  const expert = useApp(({ recipe }) => {
    const id = openChip?.match(/^expert:(.+)$/)?.[1];
    return recipe?.experts.some((candidate) => candidate.id === id) ? id : undefined;
  });
  const sparsifier = useApp(({ recipe }) => {
    const index = Number(openChip?.match(/^sparsifier:(\d+)$/)?.[1]);
    return recipe && index in recipe.sparsifiers ? index : undefined;
  });
  return (
    <div id={CHIP_CARD_ID} className={styles.card}>
      {openChip === "base" ? (
        <BaseCard />
      ) : openChip === "rules" ? (
        <RulesCard />
      ) : expert !== undefined ? (
        <ExpertChipCard id={expert} />
      ) : sparsifier !== undefined ? (
        <SparsifierCard index={sparsifier} />
      ) : (
        <MethodCard />
      )}
    </div>
  );
}
