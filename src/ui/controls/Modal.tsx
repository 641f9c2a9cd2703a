import { Dialog } from "@base-ui/react/dialog";
import { X } from "lucide-react";
import type { ReactNode } from "react";
import { defineWords, useWords } from "../words.ts";
import { join } from "./Button.tsx";
import controls from "./controls.module.css";
import styles from "./overlays.module.css";

const words = defineWords({ en: { close: "Close" }, ja: { close: "閉じる" } });

interface ModalProps {
  readonly open: boolean;
  onClose(): void;
  readonly title: string;
  readonly description?: string | undefined;
  /** "wide": for tables. "palette": at the top; title and button are only read out. */
  readonly look?: "sheet" | "wide" | "palette";
  readonly children: ReactNode;
}

/** A dialog that asks for attention; Escape, the backdrop and its button close it. */
export function Modal({ open, onClose, title, description, look = "sheet", children }: ModalProps) {
  const text = useWords(words);
  const isPalette = look === "palette";
  return (
    <Dialog.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className={styles.backdrop} />
        <Dialog.Viewport className={join(styles.viewport, isPalette && styles.top)}>
          <Dialog.Popup className={join(styles.modal, look !== "sheet" && styles[look])}>
            <Dialog.Title className={isPalette ? "visually-hidden" : styles.modalTitle}>{title}</Dialog.Title>
            {description === undefined ? null : (
              <Dialog.Description className={styles.modalText}>{description}</Dialog.Description>
            )}
            {children}
            {/* A plain title: a tooltip of ours would open with the first focus and take the first Escape. */}
            <Dialog.Close
              aria-label={text.close}
              title={text.close}
              className={isPalette ? "visually-hidden" : join(controls.icon, styles.modalClose)}
            >
              <X size={16} aria-hidden />
            </Dialog.Close>
          </Dialog.Popup>
        </Dialog.Viewport>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
