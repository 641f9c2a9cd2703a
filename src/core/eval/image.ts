/** The merged model as an evaluation sees it: changed tensors arrive one by one, a commit makes them a revision. */

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

  /** Takes one changed tensor, and its memory: one row, or one per task of the coming commit. */
  put(name: string, rows: readonly Float32Array[]): void {
    this.#rows.set(name, rows);
    this.#isWhole = false;
  }

  /** Names what has arrived. `tasks` says whose each row is; absent when every task has the same model. */
  commit(revision: number, tasks?: readonly string[]): void {
    this.#revision = revision;
    this.#tasks = tasks;
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

  get bytes(): number {
    let bytes = 0;
    for (const rows of this.#rows.values()) for (const row of rows) bytes += row.byteLength;
    return bytes;
  }
}
