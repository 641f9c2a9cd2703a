/**
 * DOGE with SIMD kernels: on the zoo's experts, and on four generated layers of 768 × 768 × 4 experts; the share of the
 * time that singular value decompositions take. Usage: npm run bench -- doge
 */
import { join } from "node:path";
import { quietContext } from "../src/core/context.ts";
import { createMerger } from "../src/core/merge/run.ts";
import { defaultRecipe } from "../src/core/recipe/default.ts";
import { setMethod } from "../src/core/recipe/edit.ts";
import type { Kernels } from "../src/core/tensor/kernels.ts";
import { moved, noisy, smallLibrary } from "../src/core/testing/small-library.ts";
import { simdKernels } from "../src/kernels/simd.ts";
import { atStep } from "../zoo/measure/first-results.ts";
import { Meter } from "../zoo/measure/meter.ts";
import { showEstimate, zooFolder } from "./zoo.ts";

const STEPS = [640, 2560];
const LAYERS = 4;
const SIDE = 768;
const EXPERTS = ["a", "b", "c", "d"];

/** Kernels, and the milliseconds that their SVDs have taken since they were last asked for. */
interface Clocked {
  readonly kernels: Kernels;
  svd(): number;
}

const clocked = clockSvd(simdKernels());
const meter = await Meter.open(join(zooFolder(), "vision"), clocked.kernels);
for (const step of STEPS) await mergeZoo(step);
await mergeLayers();

async function mergeZoo(step: number): Promise<void> {
  const recipe = atStep(meter, { ...setMethod(meter.first(), "doge"), sparsifiers: [] }, step);
  const seconds = await secondsOf(() => meter.merger.merge(recipe, `doge ${step}`, () => {}, quietContext));
  const { merged } = (await meter.measure(recipe, { split: "test" })).mean;
  console.log(
    `DOGE, zoo at step ${step}, ${meter.experts.length} experts: ${seconds}; mean test accuracy ${showEstimate(merged)}`,
  );
}

async function mergeLayers(): Promise<void> {
  const base = Array.from({ length: LAYERS }, (_, i) =>
    noisy(`blocks.${i}.mlp.weight`, [SIDE, SIDE], i, 0.1),
  );
  const experts = Object.fromEntries(EXPERTS.map((id, k) => [id, { 1: moved(base, k + 1, 0.01) }]));
  const library = smallLibrary(base, experts);
  const recipe = defaultRecipe({ base: library.base, experts: EXPERTS.map((id) => ({ id })) }, "doge");
  const merger = createMerger(library, clocked.kernels);
  const seconds = await secondsOf(() => merger.merge(recipe, "layers", () => {}, quietContext));
  console.log(`DOGE, ${LAYERS} layers of ${SIDE} × ${SIDE} × ${EXPERTS.length} experts: ${seconds}`);
}

/** "12.3 s, of which SVD 4 %" */
async function secondsOf(run: () => Promise<unknown>): Promise<string> {
  clocked.svd();
  const begin = performance.now();
  await run();
  const milliseconds = performance.now() - begin;
  const share = (100 * clocked.svd()) / milliseconds;
  return `${(milliseconds / 1000).toFixed(1)} s, of which SVD ${share.toFixed(0)} %`;
}

function clockSvd(kernels: Kernels): Clocked {
  let spent = 0;
  return {
    kernels: {
      ...kernels,
      leftVectors(x, rows, columns, k) {
        const begin = performance.now();
        const found = kernels.leftVectors(x, rows, columns, k);
        spent += performance.now() - begin;
        return found;
      },
    },
    svd() {
      const milliseconds = spent;
      spent = 0;
      return milliseconds;
    },
  };
}
