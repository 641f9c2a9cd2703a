/** TALL masks: which entries of the summed task vector matter to a task. Source: arXiv:2405.07813, 3. */
import { z } from "zod";
import type { Kernels } from "../tensor/kernels.ts";

/** Parameters that both uses of the masks share. */
export const maskParams = z.object({
  threshold: z.number().min(0).max(2).default(0.6).meta({
    label: "Mask threshold",
    help: "An entry belongs to a task when |τ| exceeds this times what the other tasks add to the sum there. Higher masks are smaller.",
    step: 0.05,
  }),
});

/** out = the sum of the rows. */
export function sumInto(out: Float32Array, rows: readonly Float32Array[], kernels: Kernels): void {
  kernels.weightedSum(
    out,
    rows,
    rows.map(() => 1),
  );
}

/** votes += 1 where the task's own entry outweighs what the others add. */
export function countMask(votes: Uint8Array, own: Float32Array, sum: Float32Array, threshold: number): void {
  for (let i = 0; i < votes.length; i++) {
    if (Math.abs(own[i]) > threshold * Math.abs(sum[i] - own[i])) votes[i]++;
  }
}
