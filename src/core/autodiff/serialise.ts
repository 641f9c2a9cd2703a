/** From a tape to a model that runs: only the nodes that the outputs need. */
import { create } from "@bufbuild/protobuf";
import {
  type ModelProto,
  ModelProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from "onnx-buf";
import { encodeOnnx } from "../formats/onnx.ts";
import { dtypeInfo } from "../tensor/dtype.ts";
import type { TapeNode } from "./import-graph.ts";
import { constantTensor } from "./stored.ts";
import type { Tape } from "./tape.ts";

/** IR versions that the runtimes and other tools read. */
const OLDEST_IR = 8n;
const NEWEST_IR = 10n;

export interface Serialised {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** The nodes in it, in order. */
  readonly nodes: readonly TapeNode[];
}

/** @param outputs values made by nodes; see `Tape.copyOf` for others */
export function serialise(model: ModelProto, tape: Tape, outputs: readonly string[]): Serialised {
  const nodes = neededNodes(tape, outputs);
  const used = new Set(nodes.flatMap(({ node }) => node.inputs));
  const initializer = [...used].flatMap((name) => {
    if (name === "" || tape.makerOf(name) || tape.inputs.has(name)) return [];
    const { dtype, shape, constant } = tape.type(name);
    const stored = tape.stored.get(name);
    if (stored) return [stored];
    if (!constant) throw new Error(`nothing makes ${name}`);
    return [constantTensor(name, { dtype, shape, constant })];
  });
  const bytes = encodeOnnx(
    create(ModelProtoSchema, {
      irVersion: clamp(model.irVersion),
      producerName: "kintsugi",
      opsetImport: opsets(tape.opset, nodes),
      graph: {
        name: "gradients",
        node: nodes.map(nodeMessage),
        initializer,
        input: [...tape.inputs.keys()].map((name) => declaration(tape, name)),
        output: [...new Set(outputs)].map((name) => declaration(tape, name)),
      },
    }),
  );
  return { bytes, nodes };
}

function neededNodes(tape: Tape, outputs: readonly string[]): readonly TapeNode[] {
  const wanted = new Set(outputs);
  const nodes: TapeNode[] = [];
  for (const added of tape.nodes.toReversed()) {
    if (!added.node.outputs.some((name) => wanted.has(name))) continue;
    nodes.push(added);
    for (const name of added.node.inputs) if (name !== "") wanted.add(name);
  }
  return nodes.reverse();
}

function clamp(version: bigint): bigint {
  if (version < OLDEST_IR) return OLDEST_IR;
  return version > NEWEST_IR ? NEWEST_IR : version;
}

/** The standard operators, and every other domain that occurs, all of which are at version 1. */
function opsets(standard: number, nodes: readonly TapeNode[]) {
  const domains = new Set(nodes.map(({ node }) => domainOf(node.op)).filter((domain) => domain !== ""));
  return [
    { domain: "", version: BigInt(standard) },
    ...[...domains].map((domain) => ({ domain, version: 1n })),
  ];
}

function domainOf(op: string): string {
  return op.slice(0, Math.max(0, op.lastIndexOf(":")));
}

function nodeMessage({ node, attributes }: TapeNode): NodeProto {
  const domain = domainOf(node.op);
  return create(NodeProtoSchema, {
    name: node.name,
    domain,
    opType: domain ? node.op.slice(domain.length + 1) : node.op,
    input: [...node.inputs],
    output: [...node.outputs],
    attribute: [...attributes],
  });
}

function declaration(tape: Tape, name: string): ValueInfoProto {
  const { dtype, shape } = tape.type(name);
  const dim = shape.map((size) => ({ value: { case: "dimValue" as const, value: BigInt(size) } }));
  return create(ValueInfoProtoSchema, {
    name,
    type: { value: { case: "tensorType", value: { elemType: dtypeInfo[dtype].onnx, shape: { dim } } } },
  });
}
