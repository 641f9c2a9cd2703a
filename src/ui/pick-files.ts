/** The page's two file inputs, which stay mounted so that any button or action can open them. */
import { commands } from "#app/commands.ts";

const ids = { files: "open-files", folder: "open-folder" } as const;

/** Id of the input that opens files, or a folder. */
export function inputId(kind: keyof typeof ids): string {
  return ids[kind];
}

/** Asks the user for files or for a folder. Call it from a key press or click: browsers allow it only there. */
export function pickFiles(kind: keyof typeof ids): void {
  document.getElementById(ids[kind])?.click();
}

/** Opens what an input holds, and empties it so that the same file can be chosen again. */
export function openPicked(input: HTMLInputElement): void {
  const files = Array.from(input.files ?? []);
  input.value = "";
  if (files.length > 0) commands().openFiles(files);
}
