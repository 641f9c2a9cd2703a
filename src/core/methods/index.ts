/** All merge methods, in the order of the menu. */
import { arrow } from "./arrow.ts";
import { consensus } from "./consensus.ts";
import { doge } from "./doge.ts";
import { emr } from "./emr.ts";
import { fisher } from "./fisher.ts";
import { geometricMedian } from "./geometric-median.ts";
import { isoC } from "./iso-c.ts";
import { linear } from "./linear.ts";
import { localizeAndStitch } from "./localize-and-stitch.ts";
import { loraMerge } from "./lora-merge.ts";
import { magmax } from "./magmax.ts";
import type { MergeMethod } from "./method.ts";
import { modelStock } from "./model-stock.ts";
import { pcb } from "./pcb.ts";
import { regmean } from "./regmean.ts";
import { slerp } from "./slerp.ts";
import { tallMasks } from "./tall-masks.ts";
import { taskArithmetic } from "./task-arithmetic.ts";
import { ties } from "./ties.ts";
import { tsvM } from "./tsv-m.ts";

export const methods: readonly MergeMethod[] = [
  linear,
  taskArithmetic,
  ties,
  emr,
  localizeAndStitch,
  doge,
  consensus,
  tallMasks,
  pcb,
  magmax,
  tsvM,
  isoC,
  modelStock,
  slerp,
  geometricMedian,
  fisher,
  regmean,
  loraMerge,
  arrow,
];
