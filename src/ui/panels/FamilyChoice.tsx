import { commands } from "#app/commands.ts";
import { useApp } from "#app/store.ts";
import { Choice } from "../controls/Choice.tsx";
import { useWords } from "../words.ts";
import styles from "./library.module.css";
import { libraryWords } from "./library-words.ts";

/** Which models to work on: a family of the zoo, or the user's own. Nothing where there is no choice. */
export function FamilyChoice() {
  const text = useWords(libraryWords);
  const families = useApp((state) => state.families);
  const family = useApp((state) => state.family);
  if (families.length < 2) return null;
  return (
    <Choice
      className={styles.family}
      label={text.family}
      options={families.map(({ id, name }) => ({ value: id, label: name }))}
      value={family}
      onChange={(id) => commands().openFamily(id)}
    />
  );
}
