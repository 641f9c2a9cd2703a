import { AppError, isAppError } from "#core/errors.ts";
import { isAbort } from "./bridge/engine.ts";
import type { AppStore } from "./store.ts";

/** Turns a failure into a notice; an abort is not a failure. */
export function tell(store: AppStore, error: unknown, subject?: string): void {
  if (isAbort(error)) return;
  const known = isAppError(error)
    ? error
    : new AppError("worker/crashed", error instanceof Error ? error.message : String(error));
  store.getState().notify({
    kind: "error",
    code: known.code,
    message: known.message,
    ...(subject === undefined ? {} : { subject }),
  });
}
