/**
 * Errors that a user can cause. Each has a code from this one list and plain details;
 * the page turns them into a sentence in the user's language. A bug is a plain Error.
 */
export const errorCodes = [
  "file/unknown-format",
  "file/unsupported",
  "file/truncated",
  "file/malformed",
  "file/too-large",
  "file/unreadable",
  "model/no-base",
  "model/shape-mismatch",
  "model/missing-tensors",
  "model/dtype",
  "model/non-finite",
  "model/unknown-task",
  "recipe/malformed",
  "recipe/unknown-method",
  "recipe/unknown-sparsifier",
  "recipe/unknown-expert",
  "recipe/unknown-checkpoint",
  "recipe/wrong-base",
  "recipe/no-experts",
  "recipe/non-finite-result",
  "recipe/overflow",
  "recipe/missing-evidence",
  "autodiff/unsupported",
  "train/diverged",
  "train/other-run",
  "data/malformed",
  "eval/graph",
  "eval/memory",
  "zoo/unavailable",
  "worker/crashed",
  "storage/full",
  "storage/unavailable",
  "export/failed",
] as const;

export type ErrorCode = (typeof errorCodes)[number];

export type ErrorDetails = Readonly<Record<string, string | number | boolean | readonly string[]>>;

/** An error to show: what happened (code and message), where and what to do (details). */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  /** @param message plain English: what, where, what to do; the page may word it anew from code and details */
  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message);
    this.name = "AppError";
    this.code = code;
    this.details = details;
  }
}

/** Tells an AppError from anything else, also after it crossed a worker boundary. */
export function isAppError(error: unknown): error is AppError {
  return error instanceof Error && error.name === "AppError" && "code" in error;
}
