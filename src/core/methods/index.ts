/** All merge methods, in the order of the menu. */
import { emr } from "./emr.ts";
import { linear } from "./linear.ts";
import type { MergeMethod } from "./method.ts";
import { taskArithmetic } from "./task-arithmetic.ts";
import { ties } from "./ties.ts";

export const methods: readonly MergeMethod[] = [linear, taskArithmetic, ties, emr];
