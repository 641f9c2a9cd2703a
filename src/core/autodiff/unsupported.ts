/** What is said of graphs that cannot be differentiated here. */
import { AppError } from "../errors.ts";
import { clip, showShape } from "../formats/file-error.ts";
import type { OpNode } from "./rule.ts";

const STILL_WORKS =
  "What needs no gradients still works: merging, TIES, TADrop, dataless Localize-and-Stitch, DOGE.";

/** A model as a whole that cannot be differentiated: one line, what is wrong with it. */
export function unsupportedModel(what: string): AppError {
  return new AppError("autodiff/unsupported", `${what} ${STILL_WORKS}`);
}

/**
 * A node that stands in the way: one line, which node and which operator.
 *
 * @param why completes "Node “x” (Op) …"
 */
export function unsupported(node: OpNode, why = "cannot be differentiated here"): AppError {
  const operator = clip(node.op);
  return new AppError(
    "autodiff/unsupported",
    `Node “${clip(node.name)}” (${operator}) ${why}. ${STILL_WORKS}`,
    { node: clip(node.name), operator },
  );
}

/** A node whose inputs do not fit together: the graph is damaged, or was given inputs of another shape. */
export function misfit(node: OpNode, shapes: readonly (readonly number[])[]): AppError {
  const shown = shapes.map(showShape).join(" and ");
  return new AppError(
    "eval/graph",
    `The inputs of node “${clip(node.name)}” (${clip(node.op)}) do not fit: ${shown}.`,
    {
      node: clip(node.name),
      operator: clip(node.op),
    },
  );
}
