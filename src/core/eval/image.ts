/** The merged model as an evaluation sees it: changed tensors arrive one by one, a commit makes them a revision. */

import type { OutputKind } from "../methods/method.ts";
import type { RoutedSite } from "../routing/sites.ts";

/** Rejects what was asked of an older revision. An abort, not an error: the newest wins. */
export class Superseded extends Error {
  constructor() {
    super("superseded by a newer merge");
    this.name = "AbortError";
  }
}

export class MergedImage {
  readonly #rows = new Map<string, readonly Float32Array[]>();
  #waiting: {
    readonly revision: number;
    readonly resolve: () => void;
    readonly reject: (e: Error) => void;
  }[] = [];
  #revision = 0;
  /** False from the first tensor of a merge to its commit: the tensors belong to no revision. */
  #isWhole = false;
  #tasks: readonly string[] | undefined;
  #routing: readonly RoutedSite[] | undefined;

  /** Takes one changed tensor, and its memory: one row, one per task of the coming commit, or none if it is gone. */
  put(name: string, rows: readonly Float32Array[]): void {
    if (rows.length > 0) this.#rows.set(name, rows);
    else this.#rows.delete(name);
    this.#isWhole = false;
  }

  /**
   * Names what has arrived. `tasks` says whose each row is; absent when every task has the same model. `routing` says
   * where inputs choose among experts; absent when the weights are all there is.
   */
  commit(revision: number, tasks?: readonly string[], routing?: readonly RoutedSite[]): void {
    this.#revision = revision;
    this.#tasks = tasks;
    this.#routing = routing;
    this.#isWhole = true;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const waiter of waiting) {
      if (waiter.revision === revision) waiter.resolve();
      else if (waiter.revision < revision) waiter.reject(new Superseded());
      else this.#waiting.push(waiter);
    }
  }

  /** Resolves when the image is at the revision. @throws Superseded when it has gone past it */
  async reached(revision: number): Promise<void> {
    if (revision <= this.#revision) return this.check(revision);
    return new Promise((resolve, reject) => this.#waiting.push({ revision, resolve, reject }));
  }

  /** @throws Superseded unless the image is whole and at the revision */
  check(revision: number): void {
    if (!this.#isWhole || revision !== this.#revision) throw new Superseded();
  }

  /** True when `weights(task)` has an answer. */
  serves(task: string): boolean {
    return this.#tasks === undefined || this.#tasks.includes(task);
  }

  /** Returns the tensors of a task's model; read-only, and never changed by later merges. */
  weights(task: string): ReadonlyMap<string, Float32Array> {
    const row = this.#tasks?.indexOf(task) ?? 0;
    const weights = new Map<string, Float32Array>();
    for (const [name, rows] of this.#rows) {
      const values = rows.length === 1 ? rows[0] : rows[row];
      if (values) weights.set(name, values);
    }
    return weights;
  }

  /** True when tasks have models of their own. */
  get isPerTask(): boolean {
    return this.#tasks !== undefined;
  }

  /** Layers at which inputs choose among experts; undefined for a model that is weights only. */
  get routing(): readonly RoutedSite[] | undefined {
    return this.#routing;
  }

  get output(): OutputKind {
    if (this.isPerTask) return "per-task";
    return this.#routing ? "routed" : "single";
  }

  get bytes(): number {
    let bytes = 0;
    for (const rows of this.#rows.values()) for (const row of rows) bytes += row.byteLength;
    return bytes;
  }
}
