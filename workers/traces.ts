import type { TracePoint } from "./protocol/optimise.ts";

/** The page draws no more often, so more events would only be work. */
const TRACE_EVERY_MS = 40;

/** Gathers points of curves and hands them on in few pieces. */
export class Traces {
  readonly #send: (points: readonly TracePoint[]) => void;
  #points: TracePoint[] = [];
  #sentAt = Number.NEGATIVE_INFINITY;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(send: (points: readonly TracePoint[]) => void) {
    this.#send = send;
  }

  /** Adds points; those that come soon after others wait a little. */
  add(...points: readonly TracePoint[]): void {
    this.#points.push(...points);
    if (performance.now() - this.#sentAt >= TRACE_EVERY_MS) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), TRACE_EVERY_MS);
  }

  /** Hands on what waits. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#points.length === 0) return;
    this.#sentAt = performance.now();
    this.#send(this.#points);
    this.#points = [];
  }
}
