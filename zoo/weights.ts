/** Weights of the zoo's networks: how they start, how they are rounded, how they are stored. */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { bytesSource } from "../src/core/formats/format.ts";
import { safetensors } from "../src/core/formats/safetensors.ts";
import { writeSafetensors } from "../src/core/formats/safetensors-write.ts";
import { coin, coinKey, coinRange } from "../src/core/random.ts";
import { encode, roundTo } from "../src/core/tensor/dtype.ts";
import { sizeOf, type TensorSpec } from "../src/core/tensor/tensor.ts";

export type WeightMap = Map<string, Float32Array<ArrayBuffer>>;

/**
 * Returns fresh weights: linear layers uniform in ±1 / √fan-in as PyTorch's are, norms 1 and 0, positions normal with
 * σ .02.
 */
export function initialWeights(specs: readonly TensorSpec[], seed: number): WeightMap {
  const fanIn = new Map(specs.map(({ name, shape }) => [name, shape[1]]));
  return new Map(
    specs.map(({ name, shape }) => {
      const key = coinKey(seed, "initial", name);
      const uniform = (i: number) => (coin(key, i) + 0.5) / coinRange;
      const fan = fanIn.get(name) ?? fanIn.get(name.replace(/bias$/, "weight"));
      const values = new Float32Array(sizeOf(shape));
      if (name === "pos_embed") {
        for (let i = 0; i < values.length; i++) values[i] = 0.02 * normal(uniform(2 * i), uniform(2 * i + 1));
      } else if (fan === undefined) values.fill(name.endsWith("weight") ? 1 : 0);
      else for (let i = 0; i < values.length; i++) values[i] = (2 * uniform(i) - 1) / Math.sqrt(fan);
      return [name, values];
    }),
  );
}

/** Box and Muller: two uniform numbers in (0, 1) → one normal number. */
function normal(u: number, v: number): number {
  return Math.sqrt(-2 * Math.log(u)) * Math.cos(2 * Math.PI * v);
}

/** Returns the weights named in `specs`, copied and rounded to what their files can hold. */
export function stored(weights: ReadonlyMap<string, Float32Array>, specs: readonly TensorSpec[]): WeightMap {
  return new Map(
    specs.map(({ name, dtype }) => {
      const values = weights.get(name)?.slice();
      if (!values) throw new Error(`no weight ${name}`);
      if (dtype === "f16") roundTo(values, dtype);
      return [name, values];
    }),
  );
}

/** Writes a safetensors file of f32 and f16 tensors; folders are made. */
export async function writeWeights(
  path: string,
  weights: ReadonlyMap<string, Float32Array>,
  specs: readonly TensorSpec[],
  metadata: Readonly<Record<string, string>> = {},
): Promise<void> {
  await writeTensors(path, specs, metadata, ({ name, dtype }) => {
    const values = weights.get(name);
    if (!values) throw new Error(`no weight ${name}`);
    return encode(values, dtype === "f16" ? "f16" : "f32").bytes;
  });
}

/** Writes a safetensors file of any tensors. */
export async function writeTensors(
  path: string,
  specs: readonly TensorSpec[],
  metadata: Readonly<Record<string, string>>,
  bytesOf: (spec: TensorSpec) => Uint8Array<ArrayBuffer>,
): Promise<void> {
  const pieces: Uint8Array[] = [];
  for await (const piece of writeSafetensors(specs, new Map(Object.entries(metadata)), bytesOf)) {
    pieces.push(piece);
  }
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, Buffer.concat(pieces));
}

/** Reads all tensors of a safetensors file as f32. */
export async function readWeights(path: string): Promise<WeightMap> {
  const file = await safetensors.open(bytesSource(new Uint8Array(await readFile(path))), path);
  const weights: WeightMap = new Map();
  for (const name of file.tensors.keys()) weights.set(name, await file.load(name));
  return weights;
}
