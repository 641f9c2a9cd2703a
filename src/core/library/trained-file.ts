/**
 * A checkpoint of an expert that was trained here, as a file: safetensors with what was trained, told by its metadata
 * `format`. What it does not hold is as in the base that it names.
 */
import { z } from "zod";
import { clip } from "../formats/file-error.ts";
import type { ModelFile } from "../formats/format.ts";
import { malformed } from "../formats/safetensors-header.ts";
import { writeSafetensors } from "../formats/safetensors-write.ts";
import type { Content } from "../model/content-id.ts";
import { contentId, expertId } from "../recipe/schema.ts";
import { sizeOf, type TensorSpec } from "../tensor/tensor.ts";

const FORMAT = "kintsugi-trained";
const VERSION = "1";

const about = z.strictObject({
  run: z.string().min(1).max(100),
  expert: expertId,
  label: z.string().max(1000),
  task: z.string().max(200),
  step: z.int().min(0),
  base: contentId,
  checkpoint: contentId,
});

/** SHA-256, hex. */
const digests = z.array(z.tuple([z.string(), z.string().regex(/^[0-9a-f]{64}$/)])).max(20_000);

/** Whose checkpoint it is: the training, the expert as recipes name it, and the content of all its tensors. */
export type TrainedAbout = Readonly<z.infer<typeof about>>;

/** A checkpoint as it is kept. */
export interface TrainedRecord {
  readonly about: TrainedAbout;
  /** Of every tensor of the expert, the base's among them. */
  readonly digests: Content["digests"];
  /** f32 by name; read-only. */
  readonly tensors: ReadonlyMap<string, Float32Array<ArrayBuffer>>;
}

/** Yields the file piece by piece; pieces are the record's own memory. */
export function writeTrained(
  { about, digests, tensors }: TrainedRecord,
  shapes: ReadonlyMap<string, Pick<TensorSpec, "shape">>,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void> {
  const specs = [...tensors].map(([name, { length }]): TensorSpec => {
    return { name, dtype: "f32", shape: shapes.get(name)?.shape ?? [length] };
  });
  const metadata = new Map([
    ["format", FORMAT],
    ["version", VERSION],
    ["about", JSON.stringify(about)],
    ["digests", JSON.stringify([...digests])],
  ]);
  return writeSafetensors(specs, metadata, ({ name }) => {
    const values = tensors.get(name);
    if (!values) throw new Error(`no tensor ${name}`);
    return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  });
}

/** What the file's header says of itself; undefined when it is no such file, or of another version. */
export function trainedAbout({ metadata }: Pick<ModelFile, "metadata">): TrainedAbout | undefined {
  if (metadata.get("format") !== FORMAT || metadata.get("version") !== VERSION) return undefined;
  return about.safeParse(json(metadata.get("about"))).data;
}

/** Reads a whole file; its content is believed, so check the file's own hash before. @throws AppError file/malformed */
export async function readTrained(file: ModelFile): Promise<TrainedRecord> {
  const says = trainedAbout(file);
  const listed = digests.safeParse(json(file.metadata.get("digests")));
  if (!says || !listed.success) {
    throw malformed(file.name, "it does not say what was trained in a way that this Kintsugi reads");
  }
  const tensors = new Map<string, Float32Array<ArrayBuffer>>();
  for (const { name, dtype, shape } of file.tensors.values()) {
    const values = await file.load(name);
    if (dtype !== "f32" || values.length !== sizeOf(shape)) {
      throw malformed(file.name, `“${clip(name)}” is not stored as F32`, { tensor: clip(name) });
    }
    tensors.set(name, values);
  }
  return { about: says, digests: new Map(listed.data), tensors };
}

function json(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? "");
  } catch {
    return undefined;
  }
}
