import { useEffect } from "react";
import { commands } from "#app/commands.ts";
import { store } from "#app/store.ts";
import { looksLikeMergekit } from "#core/mergekit/recognise.ts";
import { pickFiles } from "./pick-files.ts";

/** A pasted text longer than this is no recipe; characters. */
const MAX_PASTE = 16_000_000;

/** Keys and pasting that work anywhere on the page. */
export function useShortcuts(): void {
  useEffect(() => {
    document.addEventListener("keydown", onKeyDown);
    document.addEventListener("paste", onPaste);
    return () => {
      document.removeEventListener("keydown", onKeyDown);
      document.removeEventListener("paste", onPaste);
    };
  }, []);
}

function onKeyDown(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing) return;
  const run = event.metaKey || event.ctrlKey ? withCommand(event) : plain(event);
  if (!run) return;
  event.preventDefault();
  run();
}

function withCommand({ key, shiftKey, altKey, target }: KeyboardEvent): (() => void) | undefined {
  const { undo, redo, dialog, patchView } = store.getState();
  const letter = key.toLowerCase();
  if (altKey) return undefined;
  if (letter === "k") return () => patchView({ dialog: dialog === "palette" ? undefined : "palette" });
  if (dialog !== undefined) return undefined;
  if (letter === "s") return () => patchView({ dialog: "save" });
  if (letter === "o") return () => pickFiles("files");
  // A text box has an undo of its own.
  if (isTyping(target)) return undefined;
  if (letter === "z") return shiftKey ? redo : undo;
  if (letter === "y") return redo;
  return undefined;
}

function plain({ key, target, altKey }: KeyboardEvent): (() => void) | undefined {
  const { dialog, patchView } = store.getState();
  if (key !== "?" || altKey || dialog !== undefined || isTyping(target)) return undefined;
  return () => patchView({ dialog: "keys" });
}

/** A recipe or a link pasted outside a text box is opened. */
function onPaste(event: ClipboardEvent): void {
  if (event.defaultPrevented || isTyping(event.target)) return;
  const text = event.clipboardData?.getData("text/plain").trim() ?? "";
  const isRecipe = text.startsWith("{") || text.includes("#r=") || looksLikeMergekit(text);
  if (!isRecipe || text.length > MAX_PASTE) return;
  event.preventDefault();
  commands().openRecipeText(text);
}

/** True inside a box whose text is being edited, where the browser's own undo serves; a number box at rest is none. */
function isTyping(target: EventTarget | null): boolean {
  if (target instanceof HTMLTextAreaElement) return true;
  if (target instanceof HTMLElement && target.isContentEditable) return true;
  if (!(target instanceof HTMLInputElement) || target.dataset.resting !== undefined) return false;
  return /^(text|search|number|url|email)$/.test(target.type);
}
