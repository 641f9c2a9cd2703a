/**
 * Two-shot heads: the direction of a class is the mean of two training pictures' features, as the base sees them.
 *
 * Which pictures was drawn once and is kept in the heads' file (`prototypes.<task>`, rows of the few-shot split). The
 * directions are recomputed, since features belong to their base.
 */
import { readFile } from "node:fs/promises";
import { bytesSource } from "../../src/core/formats/format.ts";
import { safetensors } from "../../src/core/formats/safetensors.ts";
import { encode } from "../../src/core/tensor/dtype.ts";
import type { TensorSpec } from "../../src/core/tensor/tensor.ts";
import { choose, type VisionData } from "../data/vision.ts";
import { writeTensors } from "../weights.ts";
import type { VisionForward } from "./vision-network.ts";

const FEATURES = 64;

/** Chosen rows of each task's few-shot split, two for each class (C × 2). */
export type Prototypes = ReadonlyMap<string, readonly number[]>;

export async function readPrototypes(path: string, tasks: readonly string[]): Promise<Prototypes> {
  const file = await safetensors.open(bytesSource(new Uint8Array(await readFile(path))), path);
  const found = new Map<string, readonly number[]>();
  for (const task of tasks) found.set(task, [...(await file.load(`prototypes.${task}`))]);
  return found;
}

/** Computes mu and W from the base's features and writes them beside the chosen rows. */
export async function writeHeads(
  path: string,
  forward: VisionForward,
  base: ReadonlyMap<string, Float32Array>,
  data: VisionData,
  prototypes: Prototypes,
): Promise<void> {
  const mu = await meanFeature(forward, base, data, [...prototypes.keys()]);
  const specs: TensorSpec[] = [{ name: "mu", dtype: "f32", shape: [FEATURES] }];
  const bytes = new Map([["mu", encode(mu, "f32").bytes]]);
  for (const [task, rows] of prototypes) {
    const pictures = choose(await data.pictures(`${task}.fewShot`), rows);
    const W = directions(await forward.features(base, pictures), mu);
    const classes = rows.length / 2;
    specs.push({ name: `W.${task}`, dtype: "f32", shape: [classes, FEATURES] });
    specs.push({ name: `prototypes.${task}`, dtype: "i32", shape: [classes, 2] });
    bytes.set(`W.${task}`, encode(W, "f32").bytes);
    bytes.set(`prototypes.${task}`, new Uint8Array(Int32Array.from(rows).buffer));
  }
  await writeTensors(path, specs, { format: "pt" }, ({ name }) => bytes.get(name) ?? new Uint8Array());
}

/** The mean over all training pictures of all tasks. */
async function meanFeature(
  forward: VisionForward,
  base: ReadonlyMap<string, Float32Array>,
  data: VisionData,
  tasks: readonly string[],
): Promise<Float32Array> {
  const sum = new Float64Array(FEATURES);
  let count = 0;
  for (const task of tasks) {
    const features = await forward.features(base, await data.pictures(`${task}.train`));
    for (let i = 0; i < features.length; i++) sum[i % FEATURES]! += features[i]!;
    count += features.length / FEATURES;
  }
  return Float32Array.from(sum, (value) => value / count);
}

/** Rows of features, two a class → unit vectors (C × 64): the mean of two units about mu. */
function directions(features: Float32Array, mu: Float32Array): Float32Array {
  const row = (i: number) =>
    unit(Array.from(mu, (mean, d) => (features[i * FEATURES + d] ?? Number.NaN) - mean));
  const out = new Float32Array(features.length / 2);
  for (let c = 0; c < out.length / FEATURES; c++) {
    const [first, second] = [row(2 * c), row(2 * c + 1)];
    out.set(unit(first.map((value, d) => value + (second[d] ?? Number.NaN))), c * FEATURES);
  }
  return out;
}

function unit(values: readonly number[]): number[] {
  const length = Math.hypot(...values);
  return values.map((value) => value / length);
}
