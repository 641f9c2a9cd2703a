/** Which weights a graph uses as linear layers and nothing else, and which way round. */
import type { GraphProto, ModelProto, NodeProto } from "onnx-buf";
import { graphOf } from "../formats/onnx-message.ts";
import { reads } from "../formats/onnx-rename.ts";
import { declarationOf } from "../formats/onnx-skeleton.ts";
import type { LinearUse } from "../model/library.ts";

/** One weight of rank 2 and the nodes that multiply by it. */
export interface LinearLayer {
  readonly use: LinearUse;
  /** Of the layer, not of the weight as it is stored. */
  readonly inputs: number;
  readonly outputs: number;
  /** MatMul or Gemm; what is multiplied is each node's first input. */
  readonly nodes: readonly NodeProto[];
}

/** Finds the linear layers of a graph by their weights: inputs or stored tensors. */
export function linearLayers(model: ModelProto): ReadonlyMap<string, LinearLayer> {
  const graph = graphOf(model);
  const readers = readersOf(graph);
  const outputs = new Set(graph.output.map(({ name }) => name));
  const layers = new Map<string, LinearLayer>();
  for (const [name, [rows, columns]] of matrices(graph)) {
    const uses = outputs.has(name) ? undefined : usesOf(name, readers, outputs);
    const [first] = uses ?? [];
    if (!uses || !first || uses.some(({ use }) => use !== first.use)) continue;
    const isTurned = first.use === "outputs-first";
    const nodes = uses.map(({ node }) => node);
    const [inputs, outs] = isTurned ? [columns, rows] : [rows, columns];
    layers.set(name, { use: first.use, inputs, outputs: outs, nodes });
  }
  return layers;
}

interface Use {
  readonly use: LinearUse;
  readonly node: NodeProto;
}

/** All uses of a value as the right-hand matrix of a product; undefined where there is another. */
function usesOf(
  value: string,
  readers: ReadonlyMap<string, readonly NodeProto[]>,
  outputs: ReadonlySet<string>,
): readonly Use[] | undefined {
  const uses: Use[] = [];
  for (const node of readers.get(value) ?? []) {
    const use = productUse(node, value);
    if (use) {
      uses.push({ use, node });
      continue;
    }
    const [turned] = node.output;
    if (!isTranspose(node) || turned === undefined || outputs.has(turned)) return undefined;
    const further = usesOf(turned, readers, outputs);
    if (!further) return undefined;
    uses.push(...further.map(({ use: other, node: last }) => ({ use: opposite(other), node: last })));
  }
  return uses;
}

/** How the node multiplies by the value; undefined where it does something else with it. */
function productUse(node: NodeProto, value: string): LinearUse | undefined {
  const { opType, input } = node;
  if (node.domain !== "" || input.filter((name) => name === value).length !== 1 || input[1] !== value)
    return undefined;
  if (opType === "MatMul") return "inputs-first";
  if (opType !== "Gemm" || numberOf(node, "transA", 0) !== 0 || numberOf(node, "alpha", 1) !== 1)
    return undefined;
  return numberOf(node, "transB", 0) === 1 ? "outputs-first" : "inputs-first";
}

/** Of a matrix: without a permutation, or with the one that there is. */
function isTranspose({ opType, domain, attribute }: NodeProto): boolean {
  const perm = attribute.find(({ name }) => name === "perm")?.ints.map(Number) ?? [1, 0];
  return domain === "" && opType === "Transpose" && perm[0] === 1 && perm[1] === 0;
}

function numberOf({ attribute }: NodeProto, name: string, absent: number): number {
  const found = attribute.find((one) => one.name === name);
  return found === undefined ? absent : name === "alpha" ? found.f : Number(found.i);
}

function opposite(use: LinearUse): LinearUse {
  return use === "inputs-first" ? "outputs-first" : "inputs-first";
}

function readersOf({ node: nodes }: GraphProto): ReadonlyMap<string, readonly NodeProto[]> {
  const readers = new Map<string, NodeProto[]>();
  for (const node of nodes) {
    for (const name of new Set(reads(node))) {
      const known = readers.get(name);
      if (known) known.push(node);
      else readers.set(name, [node]);
    }
  }
  return readers;
}

/** Inputs and stored tensors of two known sizes. */
function matrices(graph: GraphProto): ReadonlyMap<string, readonly [number, number]> {
  const found = new Map<string, readonly [number, number]>();
  const add = (name: string, [rows, columns, ...rest]: readonly (number | string | undefined)[]) => {
    if (typeof rows === "number" && typeof columns === "number" && rest.length === 0)
      found.set(name, [rows, columns]);
  };
  for (const input of graph.input) add(input.name, declarationOf(input)?.shape ?? []);
  for (const { name, dims } of graph.initializer) add(name, dims.map(Number));
  return found;
}
