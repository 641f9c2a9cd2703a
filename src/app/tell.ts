import { isAppError } from "#core/errors.ts";
import { isAbort } from "./bridge/engine.ts";
import type { Failure } from "./slices/work.ts";
import type { AppStore } from "./store.ts";

/** Turns a failure into a notice; an abort is not a failure. */
export function tell(store: AppStore, error: unknown, subject?: string): void {
  if (isAbort(error)) return;
  store.getState().notify({
    kind: "error",
    ...failureOf(error),
    ...(subject === undefined ? {} : { subject }),
  });
}

/** A failure as plain data. */
export function failureOf(error: unknown): Failure {
  if (isAppError(error)) {
    const { code, message, details } = error;
    return { code, message, ...(Object.keys(details).length > 0 && { details }) };
  }
  return { code: "worker/crashed", message: error instanceof Error ? error.message : String(error) };
}
