/** The graph under construction: nodes in order, and what is known of every value. */
import type { TensorProto } from "onnx-buf";
import { sizeOf } from "../tensor/tensor.ts";
import { attributeMessages } from "./attribute-messages.ts";
import type { TapeNode } from "./import-graph.ts";
import type { Attributes, Builder, OpNode, ValueType } from "./rule.ts";
import { ruleOf } from "./rules/index.ts";
import { type Known, storedType } from "./stored.ts";
import { unsupported } from "./unsupported.ts";

export class Tape implements Builder {
  readonly opset: number;
  /** Inputs of the graph, by name. */
  readonly inputs = new Map<string, ValueType>();
  /** Tensors that the model stores, by name. */
  readonly stored = new Map<string, TensorProto>();
  readonly #nodes: TapeNode[] = [];
  readonly #types = new Map<string, ValueType>();
  /** Where in `#nodes` a value is made. */
  readonly #makers = new Map<string, number>();
  readonly #shared = new Map<string, string>();
  readonly #prefix: string;
  #made = 0;

  /** @param taken names that new values must not have */
  constructor(opset: number, taken: ReadonlySet<string>) {
    this.opset = opset;
    let prefix = "grad";
    while ([...taken].some((name) => name.startsWith(`${prefix}.`))) prefix = `_${prefix}`;
    this.#prefix = prefix;
  }

  get nodes(): readonly TapeNode[] {
    return this.#nodes;
  }

  addInput(name: string, type: ValueType): void {
    this.inputs.set(name, type);
    this.#types.set(name, type);
  }

  addStored(tensor: TensorProto): void {
    this.stored.set(tensor.name, tensor);
    this.#types.set(tensor.name, storedType(tensor));
  }

  /** Adds a node, or only its values where all of them are known. @throws AppError autodiff/unsupported, eval/graph */
  append(added: TapeNode): void {
    const { node } = added;
    const types = this.#infer(node);
    for (const [i, name] of node.outputs.entries()) if (name !== "") this.#types.set(name, types[i]);
    if (types.every(({ constant }, i) => constant || node.outputs[i] === "")) return;
    this.#push(added);
  }

  /** Copies a value by a node of its own, as inputs and constants must be to become outputs. */
  copyOf(value: string): string {
    const name = this.#fresh();
    const copy = `${name}.0`;
    this.#types.set(copy, this.type(value));
    this.#push({
      node: { op: "Identity", name, inputs: [value], outputs: [copy], attributes: {} },
      attributes: [],
    });
    return copy;
  }

  type(value: string): ValueType {
    const type = this.#types.get(value);
    if (!type) throw new Error(`no value ${value} in the graph`);
    return type;
  }

  knows(value: string): boolean {
    return this.#types.has(value);
  }

  /** The node that makes the value; undefined for inputs and constants. */
  makerOf(value: string): OpNode | undefined {
    const index = this.#makers.get(value);
    return index === undefined ? undefined : this.#nodes[index].node;
  }

  op(op: string, inputs: readonly string[], attributes: Attributes = {}): string {
    return this.ops(op, inputs, 1, attributes)[0];
  }

  /** Equal operations on equal values are done once. */
  ops(
    op: string,
    inputs: readonly string[],
    outputs: number,
    attributes: Attributes = {},
  ): readonly string[] {
    const key = JSON.stringify([op, inputs, outputs, attributes]);
    const known = this.#shared.get(key);
    if (known !== undefined) return Array.from({ length: outputs }, (_, i) => `${known}.${i}`);
    const name = this.#fresh();
    this.#shared.set(key, name);
    const names = Array.from({ length: outputs }, (_, i) => `${name}.${i}`);
    this.append({
      node: { op, name, inputs, outputs: names, attributes },
      attributes: attributeMessages(attributes),
    });
    return names;
  }

  ints(values: readonly number[]): string {
    return this.#constant({ dtype: "i64", shape: [values.length], constant: values });
  }

  scalar(value: number): string {
    return this.floats([value], []);
  }

  floats(values: readonly number[], shape: readonly number[]): string {
    if (values.length !== sizeOf(shape)) throw new Error(`${values.length} values for shape ${shape.join()}`);
    return this.#constant({ dtype: "f32", shape, constant: values.map(Math.fround) });
  }

  output(node: OpNode, index: number): string {
    const made = node.outputs.find((name) => name !== "");
    const at = made === undefined ? undefined : this.#makers.get(made);
    if (at === undefined) throw new Error(`${node.name} is not in the graph`);
    const { node: now, attributes } = this.#nodes[at];
    if (now.outputs[index]) return now.outputs[index];
    const name = `${this.#fresh()}.0`;
    const outputs = Array.from({ length: Math.max(index + 1, now.outputs.length) }, (_, i) =>
      i === index ? name : (now.outputs[i] ?? ""),
    );
    const extended = { ...now, outputs };
    this.#nodes[at] = { node: extended, attributes };
    this.#types.set(name, this.#infer(extended)[index]);
    this.#makers.set(name, at);
    return name;
  }

  #push(added: TapeNode): void {
    for (const name of added.node.outputs) if (name !== "") this.#makers.set(name, this.#nodes.length);
    this.#nodes.push(added);
  }

  #infer(node: OpNode): readonly ValueType[] {
    const rule = ruleOf(node.op);
    if (!rule) throw unsupported(node);
    const inputs = node.inputs.map((name) => (name === "" ? undefined : this.type(name)));
    return rule.infer(node, inputs, this.opset);
  }

  #constant(type: Known): string {
    const key = JSON.stringify([type.dtype, type.shape, type.constant.map(String)]);
    const known = this.#shared.get(key);
    if (known !== undefined) return known;
    const name = this.#fresh();
    this.#shared.set(key, name);
    this.#types.set(name, type);
    return name;
  }

  #fresh(): string {
    return `${this.#prefix}.${this.#made++}`;
  }
}
