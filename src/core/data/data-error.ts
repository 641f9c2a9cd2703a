/** Wording of what is wrong with examples: which file, where in it, what to do. */
import { AppError, type ErrorDetails } from "../errors.ts";
import { clip } from "../formats/file-error.ts";

/** @param what completes “file” …; ends with what to do */
export function dataError(file: string, what: string, details: ErrorDetails = {}): AppError {
  return new AppError("data/malformed", `“${clip(file)}” ${what}`, { file: clip(file, 300), ...details });
}
