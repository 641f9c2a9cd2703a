/** How the command ends: a number that scripts can branch on, and what is said on the way out. */
import { isAppError } from "#core/errors.ts";

export const exits = {
  done: 0,
  /** A fault of the program. */
  bug: 1,
  usage: 2,
  /** The recipe cannot be carried out as it stands. */
  recipe: 3,
  /** An input cannot be read, or does not fit the others. */
  input: 4,
  output: 5,
  /** Stopped by a signal, as shells say it. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof exits)[keyof typeof exits];

/** The command was called wrongly. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** The output cannot be written. */
export class OutputError extends Error {
  override readonly name = "OutputError";
}

/** Says what went wrong, in one line where a user could have caused it, and with which code to end. */
export function explain(error: unknown): { readonly code: ExitCode; readonly message: string } {
  if (error instanceof UsageError) {
    return { code: exits.usage, message: `${error.message}\nTry: npm run -s kintsugi -- --help` };
  }
  if (error instanceof OutputError) return { code: exits.output, message: error.message };
  if (isAppError(error)) {
    const { code, message } = error;
    if (code.startsWith("recipe/") || code === "model/unknown-task") return { code: exits.recipe, message };
    if (code === "export/failed") return { code: exits.output, message };
    const hint = code === "model/non-finite" ? "\nSee --non-finite in --help." : "";
    return { code: exits.input, message: message + hint };
  }
  if (error instanceof Error && error.name === "AbortError") {
    return { code: exits.interrupted, message: "Stopped; nothing was written." };
  }
  return {
    code: exits.bug,
    message: error instanceof Error ? (error.stack ?? error.message) : String(error),
  };
}
