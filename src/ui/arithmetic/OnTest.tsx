import { type ReactNode, useState } from "react";
import { Button } from "../controls/Button.tsx";
import { useWords } from "../words.ts";
import styles from "./arithmetic.module.css";
import { arithmeticWords } from "./arithmetic-words.ts";

/** The test score, behind a button: it is looked at on request and chooses nothing. */
export function OnTest({ children }: { readonly children: ReactNode }) {
  const words = useWords(arithmeticWords);
  const [isShown, setShown] = useState(false);
  if (!isShown) {
    return (
      <div className={styles.actions}>
        <Button onClick={() => setShown(true)}>{words.showTest}</Button>
        <span className={styles.told}>{words.testHelp}</span>
      </div>
    );
  }
  return (
    <div className={styles.test}>
      <p>{words.test}</p>
      {children}
    </div>
  );
}
