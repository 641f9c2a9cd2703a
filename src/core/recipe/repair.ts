/** What stands in for entries of a file that are no numbers, as recipes' inputs name it. */
import type { ContentId } from "./schema.ts";

/** 0, or the base's own, so that the task vector is 0 there. */
export const repairPolicies = ["zero", "base"] as const;
export type RepairPolicy = (typeof repairPolicies)[number];

/** How a checkpoint came from a file with entries that are no numbers: the file and the policy give it again. */
export interface Repair {
  readonly by: RepairPolicy;
  /** Content of the file as it is stored. */
  readonly from: ContentId;
  readonly nan: number;
  readonly infinite: number;
  /** Tensors in which entries were replaced. */
  readonly tensors: number;
}
