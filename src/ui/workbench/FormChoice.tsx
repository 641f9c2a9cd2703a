import { Crosshair, Gauge, GraduationCap, type LucideIcon, SlidersHorizontal } from "lucide-react";
import { useId } from "react";
import { useApp } from "#app/store.ts";
import { useWords } from "../words.ts";
import { benchWords } from "./bench-words.ts";
import { type FormTab, formOf, formTabs, tabOf } from "./form-tabs.ts";
import styles from "./workbench.module.css";

const icons: Readonly<Record<FormTab, LucideIcon>> = {
  train: GraduationCap,
  localise: Crosshair,
  measure: Gauge,
  adamerge: SlidersHorizontal,
};

/** What to make: four forms, one open. */
export function FormChoice() {
  const text = useWords(benchWords);
  const name = useId();
  const open = useApp((state) => tabOf(state.form));
  const openForm = useApp((state) => state.openForm);
  return (
    <fieldset className={styles.choice}>
      <legend className="visually-hidden">{text.choose}</legend>
      {formTabs.map((tab) => {
        const Icon = icons[tab];
        return (
          <label key={tab} className={styles.option}>
            <input
              type="radio"
              name={name}
              className="visually-hidden"
              checked={tab === open}
              onChange={() => openForm(formOf(tab))}
            />
            <Icon size={15} aria-hidden />
            {text.forms[tab]}
          </label>
        );
      })}
    </fieldset>
  );
}
