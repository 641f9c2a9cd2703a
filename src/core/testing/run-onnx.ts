/** Runs graphs in tests with the runtime that the app uses, on one thread in Node. */
import type { ModelProto } from "onnx-buf";
import * as ort from "onnxruntime-web/wasm";
import type { Weight } from "../formats/onnx-tensor.ts";
import { onnxPieces } from "../formats/onnx-write.ts";
import { layoutSafetensors, writeSafetensors } from "../formats/safetensors-write.ts";

ort.env.wasm.numThreads = 1;
ort.env.logLevel = "error";

interface External {
  readonly path: string;
  readonly data: Uint8Array;
}

/** Runs a serialised graph once on float inputs. */
export async function runOnnx(
  bytes: Uint8Array,
  feeds: Record<string, ort.Tensor>,
  externalData: External[] = [],
) {
  const session = await ort.InferenceSession.create(bytes, { executionProviders: ["wasm"], externalData });
  try {
    const used = Object.fromEntries(session.inputNames.map((name) => [name, feeds[name]!]));
    const outputs = await session.run(used);
    return new Map(
      Object.entries(outputs).map(([name, { data, dims }]) => [
        name,
        { data: Array.from(data as Float32Array), dims },
      ]),
    );
  } finally {
    await session.release();
  }
}

/** A float input. */
export const fed = (shape: readonly number[], values: Float32Array) =>
  new ort.Tensor("float32", values, shape);
/** All tensors in one safetensors buffer, and its layout. */
export async function buffered(weights: readonly Weight[]) {
  const specs = weights.map(({ spec }) => spec);
  const bytes = new Map(weights.map((weight) => [weight.spec.name, weight.bytes]));
  const layout = layoutSafetensors(specs);
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  for await (const piece of writeSafetensors(specs, new Map(), ({ name }) => bytes.get(name)!))
    pieces.push(piece);
  return { layout, data: new Uint8Array(await new Blob(pieces).arrayBuffer()) };
}

/** The whole file that a download would be. */
export const joined = async (model: ModelProto) =>
  new Uint8Array(await new Blob(onnxPieces(model)).arrayBuffer());
