import { useId } from "react";
import { shownPass } from "#app/slices/pass.ts";
import { useApp } from "#app/store.ts";
import { isWeightedSum } from "#core/recipe/alone.ts";
import { Button } from "../controls/Button.tsx";
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
  const { state, layers, curves, key, made } = pass;
  return (
    <section className={styles.block} aria-labelledby={heading}>
      <h4 id={heading} className={styles.title}>
        {words.title}
      </h4>
      {curves.loss ? null : (
        <p className={styles.fine}>{state === "done" || state === "inside" ? words.unseen : words.unbegun}</p>
      )}
      <LossChart pass={pass} />
      {layers ? <EnergyChart recipeKey={key} layers={layers} made={made} /> : null}
      <Free />
    </section>
  );
}

/** Where the recipe leaves the weights open: the way to find them. */
function Free() {
  const words = useWords(dogeWords);
  const isFree = useApp(({ recipe }) => recipe !== undefined && isWeightedSum(recipe));
  const openForm = useApp((state) => state.openForm);
  const patchView = useApp((state) => state.patchView);
  if (!isFree) return null;
  const open = () => {
    openForm("adamerge");
    patchView({ workTab: "workbench" });
  };
  return (
    <p className={styles.free}>
      {words.free} <Button onClick={open}>{words.tune}</Button>
    </p>
  );
}
