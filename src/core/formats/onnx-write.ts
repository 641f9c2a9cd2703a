/**
 * Writes a model with weights as pieces, without copying the weights: protobuf fields may come in any order, so
 * everything else is encoded small and the weights' bytes are laid between.
 */
import { clearField, toBinary } from "@bufbuild/protobuf";
import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import {
  GraphProtoSchema,
  type ModelProto,
  ModelProtoSchema,
  type TensorProto,
  TensorProtoSchema,
} from "onnx-buf";
import { AppError } from "../errors.ts";
import { count } from "./file-error.ts";
import { MAX_ONNX_BYTES } from "./onnx.ts";
import { graphOf, revise } from "./onnx-message.ts";

/** Below this a tensor is cheaper to copy than to hand on as a piece of its own. */
const SMALL_BYTES = 4096;

/**
 * A whole file as pieces, for `new Blob(pieces)`. Large pieces are the model's own weights: do not change them.
 *
 * @throws AppError export/failed past protobuf's limit of 2 GiB
 */
export function onnxPieces(model: ModelProto): Uint8Array<ArrayBuffer>[] {
  const graph = graphOf(model);
  const body = [
    toBinary(GraphProtoSchema, revise(GraphProtoSchema, graph, { initializer: [] })),
    ...graph.initializer.flatMap(tensorPieces),
  ];
  const frame = revise(ModelProtoSchema, model, {});
  clearField(frame, ModelProtoSchema.field.graph);
  const pieces = [
    toBinary(ModelProtoSchema, frame),
    head(ModelProtoSchema.field.graph.number, total(body)),
    ...body,
  ];
  if (total(pieces) > MAX_ONNX_BYTES) {
    const message = `The model needs ${count(total(pieces))} bytes; an ONNX file has at most ${count(MAX_ONNX_BYTES)}. Save it as safetensors.`;
    throw new AppError("export/failed", message, { size: total(pieces) });
  }
  return pieces;
}

function tensorPieces(tensor: TensorProto): Uint8Array<ArrayBuffer>[] {
  const field = GraphProtoSchema.field.initializer.number;
  const data = tensor.rawData;
  if (data.byteLength < SMALL_BYTES) {
    const whole = toBinary(TensorProtoSchema, tensor);
    return [head(field, whole.byteLength), whole];
  }
  const frame = revise(TensorProtoSchema, tensor, {});
  clearField(frame, TensorProtoSchema.field.rawData);
  const rest = toBinary(TensorProtoSchema, frame);
  const dataHead = head(TensorProtoSchema.field.rawData.number, data.byteLength);
  return [head(field, rest.byteLength + dataHead.byteLength + data.byteLength), rest, dataHead, data];
}

/** Tag and length of a length-delimited field. */
function head(field: number, length: number): Uint8Array<ArrayBuffer> {
  return new BinaryWriter().tag(field, WireType.LengthDelimited).uint32(length).finish();
}

function total(pieces: readonly Uint8Array[]): number {
  return pieces.reduce((sum, { byteLength }) => sum + byteLength, 0);
}
