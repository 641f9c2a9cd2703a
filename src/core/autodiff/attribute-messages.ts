/** Attributes of new nodes as ONNX writes them. */
import { create } from "@bufbuild/protobuf";
import { type AttributeProto, AttributeProto_AttributeType, AttributeProtoSchema } from "onnx-buf";
import type { Attributes, AttributeValue } from "./rule.ts";

/** A number under these names is a float in every operator that has it; all others are ints. */
const FLOATS: ReadonlySet<string> = new Set([
  "alpha",
  "beta",
  "epsilon",
  "gamma",
  "momentum",
  "scale",
  "softcap",
]);

export function attributeMessages(attributes: Attributes): readonly AttributeProto[] {
  return Object.entries(attributes).map(([name, value]) =>
    create(AttributeProtoSchema, { name, ...typed(name, value) }),
  );
}

function typed(name: string, value: AttributeValue) {
  if (typeof value === "string") {
    return { type: AttributeProto_AttributeType.STRING, s: new TextEncoder().encode(value) };
  }
  if (typeof value === "object") return { type: AttributeProto_AttributeType.INTS, ints: value.map(BigInt) };
  return FLOATS.has(name)
    ? { type: AttributeProto_AttributeType.FLOAT, f: value }
    : { type: AttributeProto_AttributeType.INT, i: BigInt(value) };
}
