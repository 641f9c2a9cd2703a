/**
 * Errors across the worker boundary. comlink's own handler keeps message, name and stack; this one keeps an
 * AppError's code and details too, and that an abort is an abort.
 *
 * Both ends install it: the worker writes, the page reads.
 */
import { transferHandlers } from "comlink";
import { AppError, type ErrorCode, type ErrorDetails, isAppError } from "#core/errors.ts";

/** An error as plain data. */
export type PlainError =
  | {
      readonly kind: "app";
      readonly code: ErrorCode;
      readonly message: string;
      readonly details: ErrorDetails;
    }
  | { readonly kind: "abort"; readonly message: string }
  | { readonly kind: "bug"; readonly name: string; readonly message: string; readonly stack?: string };

/** Turns whatever was thrown into plain data. */
export function plainError(thrown: unknown): PlainError {
  if (isAppError(thrown)) {
    return { kind: "app", code: thrown.code, message: thrown.message, details: thrown.details };
  }
  if (!(thrown instanceof Error)) return { kind: "bug", name: "Error", message: String(thrown) };
  const { name, message, stack } = thrown;
  if (name === "AbortError") return { kind: "abort", message };
  return { kind: "bug", name, message, ...(stack === undefined ? {} : { stack }) };
}

/** The way back: an AppError, an AbortError, or an Error with the name and stack of its origin. */
export function revivedError(plain: PlainError): Error {
  switch (plain.kind) {
    case "app":
      return new AppError(plain.code, plain.message, plain.details);
    case "abort":
      return new DOMException(plain.message, "AbortError");
    case "bug":
      return Object.assign(new Error(plain.message), {
        name: plain.name,
        ...(plain.stack === undefined ? {} : { stack: plain.stack }),
      });
    default:
      return plain satisfies never;
  }
}

/** Makes comlink carry errors whole; call once in every realm that speaks it. */
export function installErrorHandler(): void {
  const original = transferHandlers.get("throw");
  if (!original) throw new Error("comlink has no handler named throw");
  transferHandlers.set("throw", {
    canHandle: original.canHandle,
    serialize: (thrown: { readonly value: unknown }) => [plainError(thrown.value), []],
    deserialize: (plain: PlainError) => {
      throw revivedError(plain);
    },
  });
}
