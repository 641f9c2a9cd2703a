/** The reverse pass: gradients flow from the last node to the first, and add up where a value is used twice. */
import type { OpNode } from "./rule.ts";
import { ruleOf } from "./rules/index.ts";
import { equalShapes } from "./shapes.ts";
import type { Tape } from "./tape.ts";
import { totalGradient } from "./total-gradient.ts";

/**
 * Writes the backward pass of everything that is on the tape.
 *
 * @param seeds gradients that are given, by value
 * @returns the gradient of each of `wrt`; those that nothing flows back to are not in it
 * @throws AppError autodiff/unsupported
 */
export function pullBack(
  tape: Tape,
  seeds: ReadonlyMap<string, string>,
  wrt: readonly string[],
): ReadonlyMap<string, string> {
  const forward = tape.nodes.map(({ node }) => node);
  const active = dependents(forward, wrt);
  const parts = new Map<string, string[]>();
  for (const [value, gradient] of seeds) parts.set(value, [gradient]);

  for (const node of forward.toReversed()) {
    if (!node.outputs.some((name) => parts.has(name) && active.has(name))) continue;
    const gradients = node.outputs.map((name) => totalOf(tape, parts.get(name)));
    for (const [i, gradient] of inputGradients(tape, node, gradients, active).entries()) {
      if (gradient === undefined) continue;
      const name = node.inputs[i];
      parts.set(name, [...(parts.get(name) ?? []), gradient]);
    }
  }
  const found = wrt.flatMap((name) => {
    const total = totalOf(tape, parts.get(name));
    return total === undefined ? [] : [[name, total] as const];
  });
  return new Map(found);
}

/** The values through which a change of `wrt` reaches the output. */
function dependents(forward: readonly OpNode[], wrt: readonly string[]): ReadonlySet<string> {
  const active = new Set(wrt);
  for (const node of forward) {
    if (!ruleOf(node.op)?.vjp || !node.inputs.some((name) => active.has(name))) continue;
    for (const name of node.outputs) if (name !== "") active.add(name);
  }
  return active;
}

function totalOf(tape: Tape, parts: readonly string[] | undefined): string | undefined {
  return parts && totalGradient(tape, parts);
}

function inputGradients(
  tape: Tape,
  node: OpNode,
  gradients: readonly (string | undefined)[],
  active: ReadonlySet<string>,
): readonly (string | undefined)[] {
  const wants = node.inputs.map((name) => active.has(name) && tape.type(name).dtype === "f32");
  const found = ruleOf(node.op)?.vjp?.(node, gradients, wants, tape) ?? [];
  return found.map((gradient, i) => {
    if (gradient === undefined || !wants[i]) return undefined;
    const [has, needs] = [tape.type(gradient).shape, tape.type(node.inputs[i]).shape];
    if (equalShapes(has, needs)) return gradient;
    throw new Error(`${node.op}: gradient of input ${i} is [${has.join()}], not [${needs.join()}]`);
  });
}
