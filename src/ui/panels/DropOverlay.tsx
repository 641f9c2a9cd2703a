import { FileInput } from "lucide-react";
import { useEffect, useState } from "react";
import { commands } from "#app/commands.ts";
import { appWords } from "../app-words.ts";
import { carriesFiles, filesOfDrop } from "../dropped-files.ts";
import { useWords } from "../words.ts";
import styles from "./drop-overlay.module.css";

/** Takes files dropped anywhere on the page, and says so while they hang over it. */
export function DropOverlay() {
  const text = useWords(appWords);
  const isOver = useFileDrop();
  if (!isOver) return null;
  return (
    <div className={styles.overlay} role="status">
      <div className={styles.sheet}>
        <FileInput size={28} strokeWidth={1.5} aria-hidden />
        <p className={styles.title}>{text.drop}</p>
        <p className="muted">{text.dropNote}</p>
      </div>
    </div>
  );
}

/** True while files hang over the page. */
function useFileDrop(): boolean {
  const [isOver, setOver] = useState(false);
  useEffect(() => {
    // Entering a child leaves its parent: count, and the page is left when nothing is entered.
    let depth = 0;
    const set = (next: number) => {
      depth = Math.max(0, next);
      setOver(depth > 0);
    };
    const onEnter = (event: DragEvent) => carriesFiles(event.dataTransfer) && set(depth + 1);
    const onLeave = (event: DragEvent) => carriesFiles(event.dataTransfer) && set(depth - 1);
    const onOver = (event: DragEvent) => {
      if (carriesFiles(event.dataTransfer)) event.preventDefault();
    };
    const onDrop = (event: DragEvent) => {
      if (!event.dataTransfer || !carriesFiles(event.dataTransfer)) return;
      event.preventDefault();
      set(0);
      void filesOfDrop(event.dataTransfer).then((files) => {
        if (files.length > 0) commands().openFiles(files);
      });
    };
    document.addEventListener("dragenter", onEnter);
    document.addEventListener("dragleave", onLeave);
    document.addEventListener("dragover", onOver);
    document.addEventListener("drop", onDrop);
    return () => {
      document.removeEventListener("dragenter", onEnter);
      document.removeEventListener("dragleave", onLeave);
      document.removeEventListener("dragover", onOver);
      document.removeEventListener("drop", onDrop);
    };
  }, []);
  return isOver;
}
