import type { Kernels } from "../tensor/kernels.ts";

/** Kernels that count calls by name; `calls` is emptied by `reset`. */
export interface CountingKernels {
  readonly kernels: Kernels;
  readonly calls: ReadonlyMap<string, number>;
  reset(): void;
}

/** Wraps kernels so that a test can see which loops ran. */
export function countingKernels(inner: Kernels): CountingKernels {
  const calls = new Map<string, number>();
  const kernels = new Proxy(inner, {
    get(target, name, receiver) {
      const key = String(name);
      calls.set(key, (calls.get(key) ?? 0) + 1);
      return Reflect.get(target, name, receiver);
    },
  });
  return { kernels, calls, reset: () => calls.clear() };
}
