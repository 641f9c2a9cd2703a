/** Runs the kernels of a live merge a few times on a small array, so that the first edit meets compiled code. */
import type { Kernels } from "#core/tensor/kernels.ts";

const SIZE = 20_000;
const TIMES = 3;

/** Takes a few milliseconds. */
export function warmUp(kernels: Kernels): void {
  const x = kernels.alloc(SIZE).map((_, i) => Math.sin(i));
  const out = kernels.alloc(SIZE);
  const weights = [0.5, 0.5];
  for (let time = 0; time < TIMES; time++) {
    kernels.delta(out, x, x);
    kernels.trim(out, x, kernels.select(x, SIZE / 4));
    kernels.select(x, SIZE / 4, kernels.digits(x));
    kernels.drop(out, x, { k0: 1, k1: 2 }, 0.5, 2);
    kernels.quantiles(x, [0.5, 0.99]);
    kernels.norms(x);
    kernels.weightedSum(out, [x, x], weights);
    kernels.stitch(out, [x, x], weights);
    kernels.ties(out, [x, x], weights, { vote: "weighted", tie: "plus", average: "weights" });
    kernels.axpy(out, x, out, 0.3);
  }
}
