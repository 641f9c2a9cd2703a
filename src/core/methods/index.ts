/** All merge methods, in the order of the menu. */
import { emr } from "./emr.ts";
import { fisher } from "./fisher.ts";
import { linear } from "./linear.ts";
import { localizeAndStitch } from "./localize-and-stitch.ts";
import type { MergeMethod } from "./method.ts";
import { regmean } from "./regmean.ts";
import { taskArithmetic } from "./task-arithmetic.ts";
import { ties } from "./ties.ts";

export const methods: readonly MergeMethod[] = [
  linear,
  taskArithmetic,
  ties,
  emr,
  localizeAndStitch,
  fisher,
  regmean,
];
