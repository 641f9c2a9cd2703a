/** Well-known combinations of sparsifiers and a method, under the names that people know them by. */
import type { Params } from "./schema.ts";

export interface Preset {
  readonly id: string;
  readonly label: string;
  /** One plain sentence. */
  readonly summary: string;
  readonly method: { readonly id: string; readonly params: Params };
  /** The chain, all enabled; parameters left out take their defaults. */
  readonly sparsifiers: readonly { readonly id: string; readonly params: Params }[];
  /** Absent = the method's default. */
  readonly lambda?: number;
}

/** All presets, in menu order. */
export const presets: readonly Preset[] = [
  {
    id: "dare-linear",
    label: "DARE + task arithmetic",
    summary: "Drops most of each task vector at random, rescales the rest and adds them up.",
    method: { id: "task-arithmetic", params: {} },
    sparsifiers: [{ id: "dare", params: {} }],
  },
  {
    id: "dare-ties",
    label: "DARE + TIES",
    summary: "Drops at random instead of by size, then lets each parameter follow its majority sign.",
    method: { id: "ties", params: {} },
    sparsifiers: [{ id: "dare", params: {} }],
  },
  {
    id: "tadrop-task-arithmetic",
    label: "TADrop + task arithmetic",
    summary:
      "Drops more where a tensor's changes are all alike, less where a few stand out, and adds up the rest.",
    method: { id: "task-arithmetic", params: {} },
    sparsifiers: [{ id: "tadrop", params: {} }],
  },
  {
    id: "tadrop-ties",
    label: "TADrop + TIES",
    summary: "Trims each tensor at its own rate, then lets each parameter follow its majority sign.",
    method: { id: "ties", params: {} },
    sparsifiers: [{ id: "tadrop", params: {} }],
  },
];
