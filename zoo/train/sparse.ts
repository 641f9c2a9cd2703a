/** The stages of the sparse family: TaLoS experts, trained on the weights that the base's answers depend on least. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { quietContext } from "../../src/core/context.ts";
import { bytesSource } from "../../src/core/formats/format.ts";
import { safetensors } from "../../src/core/formats/safetensors.ts";
import { type SparseTensor, writeSparse } from "../../src/core/formats/sparse.ts";
import { chosen, type Mask } from "../../src/core/localise/mask.ts";
import { contentIdOf } from "../../src/core/model/content-id.ts";
import { calibrate } from "../../src/core/talos/calibrate.ts";
import { talosSpec } from "../../src/core/talos/spec.ts";
import { encode } from "../../src/core/tensor/dtype.ts";
import { sizeOf } from "../../src/core/tensor/tensor.ts";
import { openGradients } from "../../src/core/train/gradients.ts";
import { trainSpec } from "../../src/core/train/spec.ts";
import { asData } from "../data/vision.ts";
import { SEED, TALOS, VISION_EXPERT, VISION_STEPS } from "../families.ts";
import { visionWeights } from "../graphs/vision.ts";
import { nodeRunner } from "../node-runner.ts";
import { hashOf, type Stage, stage } from "../stage.ts";
import { stored, type WeightMap, writeTensors } from "../weights.ts";
import { train } from "./run.ts";
import { baseOf, GRADIENTS, headsOf, type VisionInputs } from "./vision.ts";
import { visionNetwork } from "./vision-network.ts";

/** Finds the least sensitive weights for a task's validation pictures. */
export function calibrateTask(
  { data, hash }: VisionInputs,
  base: Stage,
  heads: Stage,
  task: string,
): Promise<Stage> {
  const spec = { data: hash, base: base.hash, heads: heads.hash, task, seed: SEED, ...TALOS };
  return stage(`sparse-mask-${task}`, spec, async (folder) => {
    const network = visionNetwork(await headsOf(heads), task);
    const gradients = openGradients(nodeRunner(), network, GRADIENTS);
    const { mask, density } = await calibrate(
      {
        gradients,
        base: await baseOf(base),
        tensors: network.weights,
        data: asData(await data.pictures(`${task}.validation`)),
      },
      talosSpec.parse({ ...TALOS, seed: SEED }),
      quietContext,
      ({ round, density: left }) => console.log(`  round ${round}: ${(100 * left).toFixed(1)} % left`),
    );
    await gradients.close();
    console.log(`  ${chosen(mask)} weights, ${(100 * density).toFixed(2)} % of the maskable`);
    await writeMask(join(folder, "mask.safetensors"), mask);
  });
}

/** Trains one task's TaLoS expert. */
export function trainSparse(
  { data, hash }: VisionInputs,
  base: Stage,
  heads: Stage,
  calibrated: Stage,
  task: string,
): Promise<Stage> {
  const spec = { data: hash, mask: calibrated.hash, task, seed: SEED, ...VISION_EXPERT };
  return stage(`sparse-expert-${task}`, spec, async (folder) => {
    const start = await baseOf(base);
    const mask = await readMask(join(calibrated.folder, "mask.safetensors"));
    const basePath = join(base.folder, "base.safetensors");
    const file = await safetensors.open(bytesSource(new Uint8Array(await readFile(basePath))), basePath);
    const id = await contentIdOf(file);
    await train(folder, {
      network: visionNetwork(await headsOf(heads), task),
      spec: trainSpec.parse({
        ...VISION_EXPERT,
        mode: "sparse",
        seed: SEED,
        checkpoints: "last",
        checkpointSteps: [...VISION_STEPS],
      }),
      start,
      mask,
      data: asData(await data.pictures(`${task}.train`)),
      hash: hashOf(JSON.stringify(spec)),
      gradients: GRADIENTS,
      async onCheckpoint({ step, weights }) {
        const region = regionOf(start, stored(new Map([...start, ...weights]), visionWeights));
        const parameters = visionWeights.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
        const pieces: Uint8Array[] = [];
        for await (const piece of writeSparse(region, { base: id, expert: task, parameters })) {
          pieces.push(piece);
        }
        await writeFile(join(folder, `step-${step}.safetensors`), Buffer.concat(pieces));
      },
    });
  });
}

/** The entries in which an expert differs from its base, in the dtypes of the base's file. */
function regionOf(base: WeightMap, expert: WeightMap): readonly SparseTensor[] {
  return visionWeights.flatMap(({ name, dtype }) => {
    const [before, after] = [base.get(name), expert.get(name)];
    if (!before || !after) throw new Error(`no weight ${name}`);
    const indices = Int32Array.from([...after.keys()].filter((i) => after[i] !== before[i]));
    if (indices.length === 0) return [];
    const values = Float32Array.from(indices, (i) => after[i] ?? Number.NaN);
    const writable = dtype === "f16" ? "f16" : "f32";
    return [{ name, dtype: writable, indices, values: encode(values, writable).bytes }];
  });
}

async function writeMask(path: string, mask: Mask): Promise<void> {
  const specs = [...mask].map(([name, bits]) => ({ name, dtype: "u8" as const, shape: [bits.length] }));
  await writeTensors(path, specs, {}, ({ name }) => mask.get(name) ?? new Uint8Array());
}

export async function readMask(path: string): Promise<Mask> {
  const file = await safetensors.open(bytesSource(new Uint8Array(await readFile(path))), path);
  const mask = new Map<string, Uint8Array<ArrayBuffer>>();
  for (const name of file.tensors.keys()) mask.set(name, await file.bytes(name));
  return mask;
}
