/** What models are measured on: tasks, their frozen heads, and labelled examples. */
import { AppError } from "../errors.ts";
import type { ModelFile } from "../formats/format.ts";
import type { Difficulty } from "./hard.ts";

/** A family's tasks, and how its pictures become a graph's input. */
export interface EvalSuite {
  readonly id: string;
  readonly tasks: readonly EvalTask[];
  readonly input: InputSpec;
}

export interface EvalTask {
  readonly id: string;
  readonly classes: readonly string[];
  /** Examples that exist, by split; quick is the first part of validation. */
  readonly n: { readonly quick: number; readonly validation: number; readonly test: number };
}

/** x = (u8 / 255 − mean) / std, one value per pixel. */
export interface InputSpec {
  readonly height: number;
  readonly width: number;
  readonly mean: number;
  readonly std: number;
}

/** Labelled pictures of one task and split, in the split's stratified order. */
export interface Examples extends Difficulty {
  readonly count: number;
  /** Grey u8, (count × height × width). */
  readonly images: Uint8Array<ArrayBuffer>;
  readonly labels: Uint8Array;
}

/** Bytes per example beside its picture: label, EL2N, learned. */
const PER_EXAMPLE = { labels: 1, el2n: 4, learned: 2 } as const;

/**
 * Reads a file of examples: `images` U8, `labels` U8, `el2n` F32, `learned` U16.
 *
 * @throws AppError file/malformed when a tensor is missing, has another size, or a label is no class
 */
export async function readExamples(file: ModelFile, input: InputSpec, classes: number): Promise<Examples> {
  const pixels = input.height * input.width;
  const labels = await file.bytes(required(file, "labels"));
  const count = labels.length;
  const images = await sized(file, "images", count * pixels);
  const el2n = new Float32Array((await sized(file, "el2n", count * PER_EXAMPLE.el2n)).buffer);
  const learned = new Uint16Array((await sized(file, "learned", count * PER_EXAMPLE.learned)).buffer);
  const stranger = labels.findIndex((label) => label >= classes);
  if (stranger >= 0) {
    throw malformed(file, "labels", `row ${stranger} has label ${labels[stranger]} of ${classes} classes`);
  }
  if (el2n.some(Number.isNaN)) throw malformed(file, "el2n", "holds NaN");
  return { count, images, labels, el2n, learned };
}

/** Tells whether `part` is the beginning of `whole`, as the quick rows must be of validation. */
export function isPrefix(part: Examples, whole: Examples): boolean {
  return (
    part.count <= whole.count &&
    part.labels.every((label, row) => label === whole.labels[row]) &&
    part.images.every((pixel, i) => pixel === whole.images[i])
  );
}

/** Returns rows [begin, end) as the graph's input, (end − begin) × 1 × height × width; the caller owns it. */
export function inputRows(
  { images }: Examples,
  { height, width, mean, std }: InputSpec,
  begin: number,
  end: number,
): Float32Array<ArrayBuffer> {
  const pixels = height * width;
  const out = new Float32Array((end - begin) * pixels);
  const offset = begin * pixels;
  for (let i = 0; i < out.length; i++) out[i] = (images[offset + i] / 255 - mean) / std;
  return out;
}

function required(file: ModelFile, name: string): string {
  if (!file.tensors.has(name)) throw malformed(file, name, "is missing");
  return name;
}

/** Bytes of a tensor, checked for their number and copied where they are not the whole of their buffer. */
async function sized(file: ModelFile, name: string, size: number): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = await file.bytes(required(file, name));
  if (bytes.byteLength !== size) throw malformed(file, name, `has ${bytes.byteLength} bytes, not ${size}`);
  return bytes.byteLength === bytes.buffer.byteLength ? bytes : bytes.slice();
}

function malformed(file: ModelFile, tensor: string, reason: string): AppError {
  return new AppError("file/malformed", `${file.name}: ${tensor} ${reason}`, {
    file: file.name,
    tensor,
    reason,
  });
}
