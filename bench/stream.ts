/**
 * Merging models larger than one would hold: a base and three experts of 2 GB each are made up in a temporary folder,
 * merged by the command, and taken away again. Prints seconds, MB/s (of everything read once and written once) and the
 * most memory that the command held.
 *
 * Usage: node scripts/run-ts.mjs bench/stream.ts [GB per model, 2] [f32 | bf16] [folder]
 */
import { spawnSync } from "node:child_process";
import { mkdtemp, open, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { layoutSafetensors } from "../src/core/formats/safetensors-write.ts";
import { dtypeInfo } from "../src/core/tensor/dtype.ts";
import type { TensorSpec } from "../src/core/tensor/tensor.ts";

const [gigabytes = "2", dtype = "f32", parent = tmpdir()] = process.argv.slice(2);
if (dtype !== "f32" && dtype !== "bf16") throw new Error(`${dtype} is neither f32 nor bf16`);
const EXPERTS = ["a", "b", "c"];
const bytes = Number(gigabytes) * 1e9;

/** Blocks of a transformer of width 2048 until the size is reached; matrices have 16 and 64 MB in f32. */
function specsOf(): readonly TensorSpec[] {
  const specs: TensorSpec[] = [];
  let size = 0;
  const add = (name: string, shape: readonly number[]) => {
    specs.push({ name, dtype: dtype === "bf16" ? "bf16" : "f32", shape });
    size += shape.reduce((product, n) => product * n, 1) * dtypeInfo[dtype === "bf16" ? "bf16" : "f32"].bytes;
  };
  for (let block = 0; size < bytes; block++) {
    const at = `model.layers.${block}`;
    for (const part of ["q", "k", "v", "o"]) add(`${at}.self_attn.${part}_proj.weight`, [2048, 2048]);
    for (const part of ["gate", "up"]) add(`${at}.mlp.${part}_proj.weight`, [8192, 2048]);
    add(`${at}.mlp.down_proj.weight`, [2048, 8192]);
    for (const part of ["input", "post_attention"]) add(`${at}.${part}_layernorm.weight`, [2048]);
  }
  return specs;
}

/** Values of some 0.02, made of one block of noise: how they are spread costs the same as real ones. */
function noise(seed: number): Uint8Array<ArrayBuffer> {
  const values = new Float32Array(2 ** 20);
  let state = seed;
  for (let i = 0; i < values.length; i++) {
    state = (Math.imul(state ^ (state >>> 15), 2246822519) + 0x9e3779b9) >>> 0;
    values[i] = (state / 2 ** 32 - 0.5) ** 3 / 4;
  }
  const raw = new Uint8Array(values.buffer);
  if (dtype === "f32") return raw;
  const halves = new Uint16Array(values.length);
  const words = new Uint32Array(values.buffer);
  for (let i = 0; i < halves.length; i++) halves[i] = (words[i] ?? 0) >>> 16;
  return new Uint8Array(halves.buffer);
}

async function writeModel(path: string, specs: readonly TensorSpec[], seed: number): Promise<number> {
  const { header, byteLength } = layoutSafetensors(specs);
  const block = noise(seed);
  const file = await open(path, "w");
  await file.write(header);
  // Blocks begin at odd places of the noise, so that no two tensors are alike.
  for (let at = header.byteLength, i = 1; at < byteLength; i++) {
    const from = ((i * 7919) % 1024) * 4;
    const part = block.subarray(from, Math.min(block.byteLength, from + byteLength - at));
    await file.write(part);
    at += part.byteLength;
  }
  await file.close();
  return byteLength;
}

const recipes = {
  "task arithmetic": "merge_method: task_arithmetic",
  "TIES, density .2": "merge_method: ties\nparameters: {density: 0.2, normalize: true}",
  "DARE + TIES, density .2": "merge_method: dare_ties\nparameters: {density: 0.2}",
};

const folder = await mkdtemp(join(parent, "kintsugi-stream-"));
try {
  const specs = specsOf();
  let size = 0;
  for (const [k, name] of ["base", ...EXPERTS].entries()) {
    size = await writeModel(join(folder, `${name}.safetensors`), specs, k + 1);
  }
  console.log(
    `${EXPERTS.length} experts of ${(size / 1e9).toFixed(2)} GB, ${specs.length} tensors, ${dtype}`,
  );
  for (const [name, head] of Object.entries(recipes)) {
    const models = EXPERTS.map((id) => `  - {model: ${id}.safetensors, parameters: {weight: 0.4}}`);
    const recipe = join(folder, "recipe.yaml");
    await writeFile(recipe, `${head}\nbase_model: base.safetensors\nmodels:\n${models.join("\n")}\n`);
    const out = join(folder, "merged.safetensors");
    const begun = performance.now();
    const args = ["--expose-gc", "scripts/kintsugi.mjs", "merge", recipe, "--out", out, "--force", "--json"];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
    if (status !== 0) throw new Error(stderr);
    const took = (performance.now() - begun) / 1000;
    const { seconds, peakBytes } = JSON.parse(stdout);
    const moved = size * (EXPERTS.length + 2);
    console.log(
      `${name.padEnd(26)} ${took.toFixed(1)} s, of which ${seconds.toFixed(1)} s merging; ${(moved / 1e6 / took).toFixed(0)} MB/s; peak ${(peakBytes / 1e6).toFixed(0)} MB`,
    );
  }
} finally {
  await rm(folder, { recursive: true });
}
