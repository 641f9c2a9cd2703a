/** The examples that families are measured on, as the page reads them. */
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { writeSafetensors } from "../../src/core/formats/safetensors-write.ts";
import type { TensorSpec } from "../../src/core/tensor/tensor.ts";
import { examplesPath, type ZooSplit } from "../../src/core/zoo.ts";

/** Examples of the validation split in a file of their own, for the first numbers. */
const QUICK = 256;

/** One split: the inputs by rows, labels and difficulty. */
export interface SplitRows {
  readonly count: number;
  /** Tensors of the first n rows. */
  inputs(n: number): readonly Tensor[];
  readonly labels: ArrayLike<number>;
  readonly el2n: Float32Array;
  readonly learned: Uint16Array;
}

export interface Tensor {
  readonly spec: TensorSpec;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Training pictures are not shipped. */
export type StoredSplit = Exclude<ZooSplit, "quick" | "train">;
export type ShippedSplit = StoredSplit | "quick";

/** Writes the splits of a task, and the first rows of validation apart. Returns how many rows each file has. */
export async function writeExamples(
  folder: string,
  task: string,
  splits: Readonly<Record<StoredSplit, SplitRows>>,
): Promise<Record<ShippedSplit, number>> {
  const quick = Math.min(QUICK, splits.validation.count);
  await writeSplit(folder, task, "quick", splits.validation, quick);
  for (const split of ["fewShot", "validation", "test"] as const)
    await writeSplit(folder, task, split, splits[split], splits[split].count);
  return {
    fewShot: splits.fewShot.count,
    validation: splits.validation.count,
    quick,
    test: splits.test.count,
  };
}

async function writeSplit(folder: string, task: string, split: ZooSplit, rows: SplitRows, n: number) {
  const column = (name: string, dtype: "u8" | "f32" | "u16", values: Uint8Array<ArrayBuffer>): Tensor => ({
    spec: { name, dtype, shape: [n] },
    bytes: values,
  });
  const tensors = [
    ...rows.inputs(n),
    column(
      "labels",
      "u8",
      Uint8Array.from({ length: n }, (_, row) => rows.labels[row] ?? 255),
    ),
    column("el2n", "f32", bytesOf(rows.el2n.slice(0, n))),
    column("learned", "u16", bytesOf(rows.learned.slice(0, n))),
  ];
  const bytes = new Map(tensors.map((tensor) => [tensor.spec.name, tensor.bytes]));
  const specs = tensors.map(({ spec }) => spec);
  const pieces: Uint8Array[] = [];
  for await (const piece of writeSafetensors(
    specs,
    new Map(),
    ({ name }) => bytes.get(name) ?? new Uint8Array(),
  )) {
    pieces.push(piece);
  }
  const path = join(folder, examplesPath(task, split));
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, gzipSync(Buffer.concat(pieces), { level: 9 }));
}

/** Bytes of an array that is the whole of its buffer. */
export function bytesOf(values: Float32Array | Uint16Array | Uint32Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(values.slice().buffer);
}
