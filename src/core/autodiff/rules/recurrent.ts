/** Recurrent layers: refused by name. */
import type { OpRule } from "../rule.ts";
import { unsupported } from "../unsupported.ts";

export const recurrent: readonly OpRule[] = [
  {
    ops: ["LSTM", "GRU", "RNN"],
    infer(node) {
      throw unsupported(node, "is a recurrent layer, which cannot be differentiated here");
    },
  },
];
