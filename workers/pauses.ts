/** Pauses that are asked for, and the ways to grant them: a job may be asked before it is able to. */
import type { JobId } from "./protocol/api.ts";

export class Pauses {
  readonly #ways = new Map<JobId, () => void>();
  readonly #asked = new Set<JobId>();

  /** Has a job pause: now, or as soon as it says how. */
  ask(job: JobId): void {
    const pause = this.#ways.get(job);
    if (pause) pause();
    else this.#asked.add(job);
  }

  /** Says how a job pauses, from now on. */
  allow(job: JobId, pause: () => void): void {
    this.#ways.set(job, pause);
    if (this.#asked.delete(job)) pause();
  }

  /** The job is over. */
  forget(job: JobId): void {
    this.#ways.delete(job);
    this.#asked.delete(job);
  }
}
