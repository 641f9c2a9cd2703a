/**
 * Trained localisation of the zoo experts with its defaults (64 shots a class, 10 epochs), the gain that their regions
 * recover against density, and TaLoS's sensitivity of 512 examples; onnxruntime-web on one thread.
 *
 * The epoch is chosen on validation; everything printed is measured on test. Usage: npm run bench -- localisation
 */
import { join } from "node:path";
import { webRunner } from "../cli/web-runner.ts";
import { quietContext } from "../src/core/context.ts";
import {
  CURVE_DENSITIES,
  type DensityCurve,
  densityCurve,
  gainOf,
} from "../src/core/localise/density-curve.ts";
import { graftedAccuracy } from "../src/core/localise/graft.ts";
import { localise } from "../src/core/localise/localise.ts";
import { localiseSpec } from "../src/core/localise/spec.ts";
import { sensitivity } from "../src/core/talos/calibrate.ts";
import { maskableTensors } from "../src/core/talos/maskable.ts";
import { talosSpec } from "../src/core/talos/spec.ts";
import { OpenZoo, showProportion, showShare, zooFolder } from "./zoo.ts";

const EXPERTS = ["digits", "capitals", "clothes", "hiragana"];
const MOST_WEIGHTS = 0.05;
const LEAST_GAIN = 0.8;

const zoo = await OpenZoo.open(join(zooFolder(), "vision"), webRunner);
for (const id of EXPERTS) await measureExpert(id);
await measureSensitivity();

async function measureExpert(id: string): Promise<void> {
  const expert = await zoo.expert(id);
  const { bench } = zoo;
  const [data, validation, test] = [
    await bench.data(expert.task, "fewShot"),
    await bench.data(expert.task, "validation"),
    await bench.data(expert.task, "test"),
  ];
  const spec = localiseSpec.parse({});
  const begin = performance.now();
  const found = await localise({ ...expert, tensors: bench.weights, data, validation }, spec, quietContext);
  const seconds = (performance.now() - begin) / 1000;
  const grafted = await graftedAccuracy(expert, found.mask, test, quietContext);
  console.log(
    `${id}, step ${expert.step}: mask of ${percent(found.density)} of the weights in ${seconds.toFixed(1)} s (${found.examples} examples, ${found.epochs.length - 1} epochs, epoch ${found.epoch} kept${found.endedEarly ? ", ended early" : ""})`,
  );
  const curve = await densityCurve(
    { ...expert, trained: found, data: test, seed: 1 },
    CURVE_DENSITIES,
    quietContext,
  );
  console.log(
    `  base ${showProportion(curve.base)}, grafted ${showProportion(grafted)}, expert ${showProportion(curve.expert)}`,
  );
  const gain = gainOf(grafted, curve.base, curve.expert);
  const isMet = found.density <= MOST_WEIGHTS && gain >= LEAST_GAIN;
  console.log(
    `  ${percent(found.density)} of the weights recover ${percent(gain)} of the gain (target: ≥ 80 % with ≤ 5 %): ${isMet ? "met" : "not met"}`,
  );
  printCurve(curve);
  await expert.gradients.close();
}

/** Rows are densities; cells are the share of the gain, and the accuracy. */
function printCurve({ points }: DensityCurve): void {
  const densities = [...new Set(points.map(({ density }) => density))].sort((a, b) => a - b);
  const kinds = ["trained", "magnitude", "random"] as const;
  console.log(`  gain (accuracy) at density${kinds.map((kind) => kind.padStart(18)).join("")}`);
  for (const density of densities) {
    const cells = kinds.map((kind) => {
      const point = points.find((one) => one.kind === kind && one.density === density);
      if (!point) return "·";
      const { gain, accuracy } = point;
      return `${showShare(gain)} (${showShare(accuracy.k / accuracy.n)})`;
    });
    console.log(`  ${percent(density).padStart(26)}${cells.map((cell) => cell.padStart(18)).join("")}`);
  }
}

async function measureSensitivity(): Promise<void> {
  const [task] = EXPERTS;
  if (!task) throw new Error("no task");
  const { bench, base } = zoo;
  const spec = talosSpec.parse({});
  const data = await bench.data(task, "validation");
  const gradients = bench.gradients(task);
  const names = maskableTensors(bench.weights);
  const begin = performance.now();
  await sensitivity({ gradients, data }, base, names, spec, quietContext);
  const seconds = (performance.now() - begin) / 1000;
  const { classes } = bench.network(task);
  console.log(
    `TaLoS sensitivity of ${spec.examples} examples (${task}, expectation over ${classes} classes, one example at a time): ${seconds.toFixed(1)} s`,
  );
  await gradients.close();
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(3))} %`;
}
