/** What a long computation gets from whoever runs it: a way to stop, to let others speak, to say how far it is. */
export interface Context {
  readonly signal: CancelSignal;
  /** Lets the event loop take one message; call it between tensors, so that a cancel can arrive. */
  breathe(): Promise<void>;
  /** Tells progress in steps of the caller's choice. */
  progress(done: number, total: number): void;
}

/** The part of AbortSignal that core may use; core has no DOM types. */
export interface CancelSignal {
  readonly aborted: boolean;
  throwIfAborted(): void;
}

/** A context that never stops and tells nobody: for tests and short computations. */
export const quietContext: Context = {
  signal: { aborted: false, throwIfAborted() {} },
  async breathe() {},
  progress() {},
};
