import { ChevronDown } from "lucide-react";
import { type ReactNode, useId } from "react";
import styles from "./frame.module.css";
import { useRemembered } from "./use-remembered.ts";

interface DisclosureProps {
  /** Under this name it is remembered whether the section is open. */
  readonly id: string;
  readonly title: string;
  readonly note?: string;
  readonly headingId?: string;
  /** Beside the title while open. */
  readonly action?: ReactNode;
  readonly isClosedAtFirst?: boolean;
  readonly children: ReactNode;
}

/** A section of the pane that folds away and stays so. */
export function Disclosure({
  id,
  title,
  note,
  headingId,
  action,
  isClosedAtFirst,
  children,
}: DisclosureProps) {
  const body = useId();
  const [isOpen, setOpen] = useRemembered(id, !isClosedAtFirst);
  return (
    <section className={styles.section} aria-labelledby={headingId}>
      <header className={styles.header}>
        <h3 className={styles.title}>
          <button
            type="button"
            className={styles.fold}
            aria-expanded={isOpen}
            aria-controls={isOpen ? body : undefined}
            onClick={() => setOpen(!isOpen)}
          >
            <ChevronDown size={14} aria-hidden className={styles.chevron} />
            <span id={headingId}>{title}</span>
          </button>
        </h3>
        {note ? <p className={styles.note}>{note}</p> : null}
        {isOpen ? action : null}
      </header>
      {isOpen ? (
        <div id={body} className={styles.content}>
          {children}
        </div>
      ) : null}
    </section>
  );
}
