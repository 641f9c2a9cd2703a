/** How much memory a graph needs at once. */
import { dtypeInfo } from "../tensor/dtype.ts";
import { sizeOf } from "../tensor/tensor.ts";
import type { TapeNode } from "./import-graph.ts";
import type { Tape } from "./tape.ts";

/** Operators whose output is their first input's memory under another shape. */
const VIEWS: ReadonlySet<string> = new Set(["Reshape", "Squeeze", "Unsqueeze", "Flatten", "Identity"]);

/**
 * Estimates the largest sum of values alive at the same time, in bytes, when nodes run in this order: inputs and
 * constants all through, other values from the node that makes them to the last that reads them, outputs to the end.
 * Scratch memory of single operators and the runtime itself come on top.
 */
export function bytesAtPeak(tape: Tape, nodes: readonly TapeNode[], outputs: readonly string[]): number {
  const owners = ownersOf(nodes);
  const owner = (name: string) => owners.get(name) ?? name;
  const bytesOf = (name: string) => {
    const { dtype, shape } = tape.type(name);
    return sizeOf(shape) * dtypeInfo[dtype].bytes;
  };
  const made = new Set(nodes.flatMap(({ node }) => node.outputs));
  const lastUse = new Map<string, number>();
  for (const [i, { node }] of nodes.entries()) for (const name of node.inputs) lastUse.set(owner(name), i);
  for (const name of outputs) lastUse.set(owner(name), nodes.length);

  const given = new Set([...tape.inputs.keys(), ...nodes.flatMap(({ node }) => node.inputs)]);
  let live = [...given].reduce((sum, name) => sum + (name === "" || made.has(name) ? 0 : bytesOf(name)), 0);
  let peak = live;
  for (const [i, { node }] of nodes.entries()) {
    const own = node.outputs.filter((name) => name !== "" && owner(name) === name);
    for (const name of own) live += bytesOf(name);
    peak = Math.max(peak, live);
    const read = node.inputs.filter((name) => name !== "").map(owner);
    for (const name of new Set([...read, ...own])) {
      if (made.has(name) && (lastUse.get(name) ?? i) === i) live -= bytesOf(name);
    }
  }
  return peak;
}

/** By view: the value whose memory it is. */
function ownersOf(nodes: readonly TapeNode[]): ReadonlyMap<string, string> {
  const owners = new Map<string, string>();
  for (const { node } of nodes) {
    const [source] = node.inputs;
    if (VIEWS.has(node.op)) owners.set(node.outputs[0], owners.get(source) ?? source);
  }
  return owners;
}
