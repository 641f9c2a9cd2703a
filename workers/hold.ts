/** Jobs that stand still for a while: each at its next breath, until all may go on. */
import { abortable, type JobContext } from "./jobs.ts";

interface Standstill {
  readonly over: Promise<void>;
  end(): void;
}

let held: Standstill | undefined;

/** Has all holding contexts wait, or go on. */
export function hold(isHeld: boolean): void {
  if (isHeld) {
    held ??= standstill();
  } else {
    held?.end();
    held = undefined;
  }
}

/** The same context, whose breath lasts as long as jobs are held; a cancel is heard all the same. */
export function holding(context: JobContext): JobContext {
  return {
    ...context,
    async breathe() {
      await context.breathe();
      while (held) await abortable(held.over, context.signal);
    },
  };
}

function standstill(): Standstill {
  let end = () => {};
  const over = new Promise<void>((resolve) => {
    end = resolve;
  });
  return { over, end };
}
