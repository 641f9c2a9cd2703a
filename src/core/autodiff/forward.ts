/** Lays the forward graph on a tape: only what the output needs, with concrete shapes and constants computed. */
import type { ModelProto, NodeProto } from "onnx-buf";
import { AppError } from "../errors.ts";
import { clip, showShape } from "../formats/file-error.ts";
import {
  type DeclaredInput,
  type ImportedGraph,
  importGraph,
  type TapeNode,
  tapeNode,
} from "./import-graph.ts";
import { LOSS_INPUTS } from "./loss.ts";
import type { ValueType } from "./rule.ts";
import { elementType, storedType } from "./stored.ts";
import { Tape } from "./tape.ts";
import { unsupportedModel } from "./unsupported.ts";

export interface ForwardRequest {
  readonly model: ModelProto;
  /** Concrete shapes of inputs that are no weights. */
  readonly inputs: Readonly<Record<string, readonly number[]>>;
  /** The value that everything else is there for. */
  readonly output: string;
  /** Inputs and stored tensors to differentiate by; they become inputs. */
  readonly wrt: readonly string[];
}

/** @throws AppError autodiff/unsupported, eval/graph */
export function layForward({ model, inputs, output, wrt }: ForwardRequest): Tape {
  const graph = importGraph(model);
  const needed = neededFor(graph, output);
  const tape = new Tape(graph.opset, namesIn(graph));
  const differentiated = new Set(wrt);
  for (const [name, declared] of graph.inputs) {
    const type = inputType(name, declared, inputs[name]);
    if (type) tape.addInput(name, type);
    else if (needed.values.has(name) || differentiated.has(name)) throw openShape(name);
  }
  for (const [name, tensor] of graph.stored) {
    if (!differentiated.has(name) && !needed.values.has(name)) continue;
    if (differentiated.has(name)) {
      const { dtype, shape } = storedType(tensor);
      tape.addInput(name, { dtype, shape });
    } else tape.addStored(tensor);
  }
  for (const name of wrt) requireFloatInput(tape, name);
  for (const proto of needed.nodes) {
    const added = tapeNode(proto);
    requireMade(tape, added);
    tape.append(added);
    for (const value of added.node.outputs) if (value !== "") requireSingle(tape.type(value), added);
  }
  return tape;
}

/** The nodes that an output depends on, in order, and the values among them. */
function neededFor(graph: ImportedGraph, output: string) {
  const values = new Set([output]);
  const nodes: NodeProto[] = [];
  for (const node of graph.nodes.toReversed()) {
    if (!node.output.some((name) => values.has(name))) continue;
    nodes.push(node);
    for (const name of node.input) if (name !== "") values.add(name);
  }
  const isKnown = graph.inputs.has(output) || graph.stored.has(output);
  if (nodes.length === 0 && !isKnown) {
    throw new AppError("eval/graph", `The graph has no output “${clip(output)}”.`, { output: clip(output) });
  }
  return { nodes: nodes.reverse(), values };
}

/** Every name that a new value must not take. */
function namesIn(graph: ImportedGraph): ReadonlySet<string> {
  const names = new Set([...graph.inputs.keys(), ...graph.stored.keys()]);
  for (const { output } of graph.nodes) for (const name of output) names.add(name);
  for (const name of Object.values(LOSS_INPUTS)) {
    if (names.has(name))
      throw unsupportedModel(`The graph has a value named “${name}”, which the loss needs.`);
  }
  return names;
}

/** @throws AppError eval/graph when the node reads what no node before it makes */
function requireMade(tape: Tape, { node }: TapeNode): void {
  const missing = node.inputs.find((name) => name !== "" && !tape.knows(name));
  if (missing === undefined) return;
  throw new AppError(
    "eval/graph",
    `Node “${clip(node.name)}” (${clip(node.op)}) reads “${clip(missing)}”, which nothing before it makes.`,
    { node: clip(node.name) },
  );
}

/** Undefined where the shape stays open. @throws AppError eval/graph when the given shape is not the declared one */
function inputType(
  name: string,
  { dtype, shape }: DeclaredInput,
  given: readonly number[] | undefined,
): ValueType | undefined {
  const concrete = given ?? shape.filter((size) => typeof size === "number");
  const fits =
    concrete.length === shape.length &&
    shape.every((size, i) => typeof size !== "number" || size === concrete[i]);
  if (fits) return { dtype: elementType(dtype, name), shape: concrete };
  if (!given) return undefined;
  const declared = `[${shape.map((size) => size ?? "?").join(", ")}]`;
  throw new AppError(
    "eval/graph",
    `The input “${clip(name)}” is ${declared} in the graph and was given as ${showShape(given)}.`,
    { input: clip(name) },
  );
}

function openShape(name: string): AppError {
  return new AppError("eval/graph", `The input “${clip(name)}” has no fixed shape, and none was given.`, {
    input: clip(name),
  });
}

/** @throws AppError eval/graph, autodiff/unsupported */
function requireFloatInput(tape: Tape, name: string): void {
  const type = tape.inputs.get(name);
  if (!type)
    throw new AppError("eval/graph", `The graph has no weight “${clip(name)}”.`, { tensor: clip(name) });
  if (type.dtype !== "f32") {
    throw unsupportedModel(
      `“${clip(name)}” is ${type.dtype}; gradients are computed in f32: export the model as FLOAT.`,
    );
  }
}

/** @throws AppError autodiff/unsupported for activations in other floats than f32 */
function requireSingle({ dtype, constant }: ValueType, { node }: TapeNode): void {
  if (constant || (dtype !== "f16" && dtype !== "f64")) return;
  throw unsupportedModel(
    `Node “${clip(node.name)}” (${clip(node.op)}) computes in ${dtype}; gradients are computed in f32: export the model as FLOAT.`,
  );
}
