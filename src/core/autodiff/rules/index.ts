/** Every operator that can be differentiated: one family per file. */
import type { OpRule } from "../rule.ts";
import { activations } from "./activations.ts";
import { arithmetic } from "./arithmetic.ts";
import { attention } from "./attention.ts";
import { compare } from "./compare.ts";
import { conv } from "./conv.ts";
import { einsum } from "./einsum.ts";
import { gather } from "./gather.ts";
import { joins } from "./joins.ts";
import { made } from "./made.ts";
import { matmul } from "./matmul.ts";
import { norm } from "./norm.ts";
import { pool } from "./pool.ts";
import { recurrent } from "./recurrent.ts";
import { reduce } from "./reduce.ts";
import { reshape } from "./reshape.ts";
import { scatter } from "./scatter.ts";
import { slice } from "./slice.ts";

const families: readonly (readonly OpRule[])[] = [
  arithmetic,
  activations,
  compare,
  reduce,
  reshape,
  joins,
  slice,
  made,
  gather,
  scatter,
  matmul,
  einsum,
  attention,
  conv,
  pool,
  norm,
  recurrent,
];

const byOp: ReadonlyMap<string, OpRule> = new Map(
  families.flat().flatMap((rule) => rule.ops.map((op) => [op, rule])),
);

/** The rule of an operator ("Conv", "com.microsoft:Gelu"); undefined when there is none. */
export function ruleOf(op: string): OpRule | undefined {
  return byOp.get(op);
}
