/** The drawn pictures: what draw/split.mjs wrote, as data to learn from. */
import { readFile } from "node:fs/promises";
import { gunzipSync } from "node:zlib";
import { bytesSource } from "../../src/core/formats/format.ts";
import { safetensors } from "../../src/core/formats/safetensors.ts";
import type { LabelledData } from "../../src/core/train/network.ts";

export const PIXELS = 28 * 28;
/** x = (u8 / 255 − mean) / std */
export const INPUT = { mean: 0.2, std: 0.35 } as const;

/** Grey u8 pictures and their classes. */
export interface Pictures {
  readonly count: number;
  /** count × 28 × 28 */
  readonly images: Uint8Array;
  readonly labels: Uint16Array;
}

/** Changes picture `row` of `pictures`, as batch `draw` sees it, into `out` (28 × 28, 0…255). */
export type Augment = (out: Float32Array, pictures: Pictures, row: number, draw: number) => void;

export interface VisionData {
  /** Name such as "digits.train"; throws for one that was not drawn. */
  pictures(name: string): Promise<Pictures>;
  /** 1 for the base's pictures that are held out of its training. */
  readonly held: Uint8Array;
}

export async function readVisionData(path: string): Promise<VisionData> {
  const bytes = new Uint8Array(gunzipSync(await readFile(path)));
  const file = await safetensors.open(bytesSource(bytes), path);
  return {
    held: await file.bytes("base.held"),
    async pictures(name) {
      const images = await file.bytes(`${name}.images`);
      const labels = new Uint16Array((await file.bytes(`${name}.labels`)).slice().buffer);
      return { count: labels.length, images, labels };
    },
  };
}

/** Returns the chosen pictures only, in the order of `rows`. */
export function choose({ images, labels }: Pictures, rows: readonly number[]): Pictures {
  const chosen = new Uint8Array(rows.length * PIXELS);
  for (const [i, row] of rows.entries())
    chosen.set(images.subarray(row * PIXELS, (row + 1) * PIXELS), i * PIXELS);
  return { count: rows.length, images: chosen, labels: Uint16Array.from(rows, (row) => labels[row] ?? 0) };
}

/** Joins pictures; labels are kept. */
export function join(parts: readonly Pictures[]): Pictures {
  const count = parts.reduce((sum, part) => sum + part.count, 0);
  const images = new Uint8Array(count * PIXELS);
  const labels = new Uint16Array(count);
  let at = 0;
  for (const part of parts) {
    images.set(part.images, at * PIXELS);
    labels.set(part.labels, at);
    at += part.count;
  }
  return { count, images, labels };
}

/** Returns the pictures as a network's input, normalised; changed first where `augment` is given. */
export function asData(pictures: Pictures, augment?: Augment): LabelledData {
  const change = augment ?? copy;
  return {
    count: pictures.count,
    labels: pictures.labels,
    rows(indices, draw) {
      const out = new Float32Array(indices.length * PIXELS);
      for (let i = 0; i < indices.length; i++) {
        change(out.subarray(i * PIXELS, (i + 1) * PIXELS), pictures, indices[i] ?? 0, draw);
      }
      for (let i = 0; i < out.length; i++) out[i] = ((out[i] ?? 0) / 255 - INPUT.mean) / INPUT.std;
      return out;
    },
  };
}

function copy(out: Float32Array, { images }: Pictures, row: number): void {
  out.set(images.subarray(row * PIXELS, (row + 1) * PIXELS));
}
