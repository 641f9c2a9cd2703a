import { useId } from "react";
import { shownPass } from "#app/slices/pass.ts";
import { useApp } from "#app/store.ts";
import { useWords } from "../words.ts";
import styles from "./doge.module.css";
import { dogeWords } from "./doge-words.ts";
import { EnergyChart } from "./EnergyChart.tsx";
import { LossChart } from "./LossChart.tsx";

/** What the recipe's method optimises before the merge, in charts; how it stands is in the bar above the card. */
export function OptimisationBlock() {
  const words = useWords(dogeWords);
  const heading = useId();
  const pass = useApp(shownPass);
  if (!pass) return null;
  const { state, layers, curves, key } = pass;
  return (
    <section className={styles.block} aria-labelledby={heading}>
      <h4 id={heading} className={styles.title}>
        {words.title}
      </h4>
      {curves.loss ? null : (
        <p className={styles.fine}>{state === "done" || state === "inside" ? words.unseen : words.unbegun}</p>
      )}
      <LossChart pass={pass} />
      {layers ? <EnergyChart recipeKey={key} layers={layers} /> : null}
    </section>
  );
}
