/** What models are measured on: tasks, and labelled examples. */
import { AppError } from "../errors.ts";
import type { ModelFile } from "../formats/format.ts";
import type { Difficulty } from "./hard.ts";
import { type ExampleInputs, exampleSize, fillExample, type InputSpec } from "./input.ts";

/** A family's tasks, and what their examples are. */
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

/** Labelled examples of one task and split, in the split's stratified order. */
export interface Examples {
  readonly count: number;
  readonly inputs: ExampleInputs;
  readonly labels: Uint8Array;
  /** Absent where nobody has measured it (the user's own data). */
  readonly difficulty?: Difficulty;
}

/**
 * Reads a file of examples: `labels` U8 (N), the inputs by kind (`images` U8; `texts` U8, the UTF-8 of all texts, with
 * `offsets` U32 of N + 1 bytes positions; `values` F32), and, both or neither, `el2n` F32 and `learned` U16 (N).
 *
 * @throws AppError file/malformed when a tensor is missing, has another size, or a label is no class
 */
export async function readExamples(file: ModelFile, input: InputSpec, classes: number): Promise<Examples> {
  const labels = await file.bytes(required(file, "labels"));
  const stranger = labels.findIndex((label) => label >= classes);
  if (stranger >= 0) {
    throw malformed(file, "labels", `row ${stranger} has label ${labels[stranger]} of ${classes} classes`);
  }
  const count = labels.length;
  const inputs = await readInputs(file, input, count);
  const isMeasured = file.tensors.has("el2n") || file.tensors.has("learned");
  return {
    count,
    inputs,
    labels,
    ...(isMeasured && { difficulty: await readDifficulty(file, count) }),
  };
}

async function readInputs(file: ModelFile, input: InputSpec, count: number): Promise<ExampleInputs> {
  const { kind } = input;
  switch (kind) {
    case "image":
      return { kind, images: await sized(file, "images", count * exampleSize(input)) };
    case "text":
      return { kind, texts: await readTexts(file, count) };
    case "values": {
      const values = new Float32Array((await sized(file, "values", 4 * count * exampleSize(input))).buffer);
      const bad = values.findIndex((value) => !Number.isFinite(value));
      if (bad >= 0) throw malformed(file, "values", `row ${Math.floor(bad / exampleSize(input))} holds NaN`);
      return { kind, values };
    }
    default:
      return kind satisfies never;
  }
}

async function readTexts(file: ModelFile, count: number): Promise<readonly string[]> {
  const offsets = new Uint32Array((await sized(file, "offsets", 4 * (count + 1))).buffer);
  const bytes = await file.bytes(required(file, "texts"));
  const ascends = offsets.every((offset, row) => row === 0 || offset >= offsets[row - 1]);
  if (!ascends || offsets[0] !== 0 || offsets[count] !== bytes.byteLength) {
    throw malformed(file, "offsets", "do not run from 0 to the end of the texts");
  }
  try {
    const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
    return Array.from({ length: count }, (_, row) =>
      utf8.decode(bytes.subarray(offsets[row], offsets[row + 1])),
    );
  } catch {
    throw malformed(file, "texts", "is no valid UTF-8");
  }
}

async function readDifficulty(file: ModelFile, count: number): Promise<Difficulty> {
  const el2n = new Float32Array((await sized(file, "el2n", 4 * count)).buffer);
  const learned = new Uint16Array((await sized(file, "learned", 2 * count)).buffer);
  if (el2n.some(Number.isNaN)) throw malformed(file, "el2n", "holds NaN");
  return { el2n, learned };
}

/** Tells whether `part` is the beginning of `whole`, as the quick rows must be of validation. */
export function isPrefix(part: Examples, whole: Examples): boolean {
  if (part.count > whole.count || !part.labels.every((label, row) => label === whole.labels[row]))
    return false;
  const ours = listOf(part.inputs);
  const theirs = listOf(whole.inputs);
  return (
    part.inputs.kind === whole.inputs.kind &&
    Array.prototype.every.call(ours, (entry, i) => entry === theirs[i])
  );
}

function listOf(inputs: ExampleInputs): ArrayLike<string | number> {
  if (inputs.kind === "image") return inputs.images;
  return inputs.kind === "text" ? inputs.texts : inputs.values;
}

/** Returns rows [begin, end) as the graph's input, (end − begin) × shape; the caller owns it. */
export function inputRows(
  { inputs }: Pick<Examples, "inputs">,
  input: InputSpec,
  begin: number,
  end: number,
): Float32Array<ArrayBuffer> {
  const size = exampleSize(input);
  const out = new Float32Array((end - begin) * size);
  for (let row = begin; row < end; row++) {
    fillExample(out.subarray((row - begin) * size, (row - begin + 1) * size), inputs, input, row);
  }
  return out;
}

/** Returns the named rows as the graph's input, (rows × shape), in that order; the caller owns it. */
export function gatherRows(
  { inputs }: Pick<Examples, "inputs">,
  input: InputSpec,
  rows: ArrayLike<number>,
): Float32Array<ArrayBuffer> {
  const size = exampleSize(input);
  const out = new Float32Array(rows.length * size);
  for (let i = 0; i < rows.length; i++) {
    fillExample(out.subarray(i * size, (i + 1) * size), inputs, input, rows[i]);
  }
  return out;
}

/** Returns the bytes that the examples hold; a UTF-16 unit counts as two. */
export function bytesOf({ inputs, count, difficulty }: Examples): number {
  const perRow = difficulty ? 7 : 1;
  if (inputs.kind === "text")
    return inputs.texts.reduce((sum, { length }) => sum + 2 * length, perRow * count);
  const { byteLength } = inputs.kind === "image" ? inputs.images : inputs.values;
  return byteLength + perRow * count;
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
