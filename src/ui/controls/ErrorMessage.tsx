import { lazyJapanese } from "../japanese/lazy.ts";
import styles from "./controls.module.css";

interface ErrorMessageProps {
  readonly code: string;
  /** In English: what, where, what to do. */
  readonly message: string;
  readonly details?: Readonly<Record<string, unknown>> | undefined;
}

const useJapaneseErrors = lazyJapanese(async () => (await import("../japanese/errors.ts")).japaneseError);

/** What an error says; in Japanese a sentence of its own before the English, which knows more of the place. */
export function ErrorMessage({ code, message, details }: ErrorMessageProps) {
  const sentence = useJapaneseErrors()?.(code, details);
  return sentence === undefined ? (
    <span lang="en">{message}</span>
  ) : (
    <>
      {sentence}
      <span lang="en" className={styles.original}>
        {message}
      </span>
    </>
  );
}
