/**
 * Reads ONNX: a protobuf whose graph names its weights. The whole file is parsed, since a protobuf has no index;
 * weights stay views of the file's bytes until somebody asks for them.
 */
import { fromBinary, toBinary } from "@bufbuild/protobuf";
import { type ModelProto, ModelProtoSchema } from "onnx-buf";
import { decode } from "../tensor/dtype.ts";
import { count, fileError, truncated } from "./file-error.ts";
import type { ByteSource, ModelFile, ModelFormat } from "./format.ts";
import { checkModel } from "./onnx-checks.ts";
import { graphOf } from "./onnx-message.ts";
import { checkedSpec, rawBytes } from "./onnx-tensor.ts";
import { normalForm, weightNames } from "./onnx-weights.ts";

/** Protobuf's own limit for one message; larger models keep their weights in a second file. */
export const MAX_ONNX_BYTES = 2 ** 31 - 1;

/** An opened ONNX file. `tensors` are its weights; constants of the program are only in `model`. */
export interface OnnxFile extends ModelFile {
  readonly format: "onnx";
  /** In normal form (onnx-weights.ts); its weights are views of the file's bytes. */
  readonly model: ModelProto;
}

export const onnx: ModelFormat = {
  id: "onnx",
  sniff: (head, name) => startsLikeModel(head) || /\.onnx$/i.test(name),
  open: openOnnx,
};

/** Fields of ModelProto by tag byte (number and wire type) that exporters write near the front. */
const FRONT_TAGS = [0x12, 0x1a, 0x22, 0x28, 0x32, 0x3a, 0x42];

/** ONNX has no magic number, but ir_version comes first in every file seen, and a known field after it. */
function startsLikeModel(head: Uint8Array): boolean {
  return head[0] === 0x08 && head[1] >= 1 && head[1] <= 32 && FRONT_TAGS.includes(head[2]);
}

/** @throws AppError file/truncated, file/malformed, file/too-large, file/unsupported */
export async function openOnnx(source: ByteSource, name: string): Promise<OnnxFile> {
  if (source.size > MAX_ONNX_BYTES) {
    const message = `has ${count(source.size)} bytes; an ONNX file has at most ${count(MAX_ONNX_BYTES)}. Use the model's safetensors file.`;
    throw fileError("file/too-large", name, message, { size: source.size });
  }
  const file = await source.read(0, source.size);
  if (file.byteLength !== source.size) throw truncated(name, source.size, file.byteLength);
  const model = parseOnnx(file, name);
  const stored = new Map(graphOf(model).initializer.map((tensor) => [tensor.name, tensor]));
  const tensors = new Map(
    weightNames(model).map((weight) => [weight, checkedSpec(stored.get(weight)!, name)]),
  );

  function view(tensor: string) {
    const spec = tensors.get(tensor);
    if (!spec) throw new Error(`no tensor ${tensor} in ${name}`);
    return { dtype: spec.dtype, bytes: rawBytes(stored.get(tensor)!, spec.dtype) };
  }

  return {
    format: "onnx",
    name,
    tensors,
    metadata: new Map(model.metadataProps.map(({ key, value }) => [key, value])),
    model,
    bytes: async (tensor) => view(tensor).bytes.slice(),
    async load(tensor) {
      const { dtype, bytes } = view(tensor);
      return decode(bytes, dtype);
    },
  };
}

/**
 * The model in normal form, checked: everything this app does with a graph starts here.
 *
 * @throws AppError file/truncated, file/malformed, file/unsupported
 */
export function parseOnnx(bytes: Uint8Array<ArrayBuffer>, file: string): ModelProto {
  const model = decodeModel(bytes, file);
  checkModel(model, file);
  const normal = normalForm(model);
  if (normal !== model) checkModel(normal, file); // weights from Constant nodes were not checked yet
  return normal;
}

/** The model as one run of bytes: for graphs without weights. With weights, see onnx-write.ts. */
export function encodeOnnx(model: ModelProto): Uint8Array<ArrayBuffer> {
  return toBinary(ModelProtoSchema, model);
}

/** The protobuf reader says RangeError where the bytes end too early, Error where they make no sense. */
function decodeModel(bytes: Uint8Array<ArrayBuffer>, file: string): ModelProto {
  try {
    return fromBinary(ModelProtoSchema, bytes);
  } catch (error) {
    if (error instanceof RangeError) {
      const message = `is cut short or damaged: it ends after ${count(bytes.byteLength)} bytes in the middle of a field. Download or export it again.`;
      throw fileError("file/truncated", file, message, { size: bytes.byteLength });
    }
    const reason = error instanceof Error ? error.message : String(error);
    throw fileError("file/malformed", file, `is damaged or no ONNX model (${reason}). Export it again.`);
  }
}
