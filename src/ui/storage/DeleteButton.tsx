import { Trash2 } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { Button, IconButton } from "../controls/Button.tsx";
import { useWords } from "../words.ts";
import styles from "./storage.module.css";
import { storageWords } from "./storage-words.ts";

interface DeleteButtonProps {
  /** What the first press offers. */
  readonly label: string;
  /** What the second press does; absent: "Delete". */
  readonly now?: string;
  /** In words beside the picture, not only on hover. */
  readonly isWordy?: boolean;
  onDelete(): void;
}

/** Deletes at the second press: nothing brings it back. */
export function DeleteButton({ label, now, isWordy = false, onDelete }: DeleteButtonProps) {
  const words = useWords(storageWords);
  const [isAsking, setAsking] = useState(false);
  const first = useRef<HTMLButtonElement>(null);
  const keep = useRef<HTMLButtonElement>(null);
  const wasAsking = useRef(false);

  // The focus goes where the pressed button was, and to the answer that does no harm.
  useEffect(() => {
    if (isAsking) keep.current?.focus();
    else if (wasAsking.current) first.current?.focus();
    wasAsking.current = isAsking;
  }, [isAsking]);

  if (isAsking) {
    return (
      <span className={styles.ask}>
        <Button look="danger" onClick={onDelete}>
          {now ?? words.removeNow}
        </Button>
        <Button ref={keep} onClick={() => setAsking(false)}>
          {words.back}
        </Button>
      </span>
    );
  }
  const icon = <Trash2 size={isWordy ? 14 : 15} aria-hidden />;
  const ask = () => setAsking(true);
  return isWordy ? (
    <Button ref={first} icon={icon} onClick={ask}>
      {label}
    </Button>
  ) : (
    <IconButton ref={first} label={label} icon={icon} onClick={ask} />
  );
}
