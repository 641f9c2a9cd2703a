/**
 * DOGE with SIMD kernels: on the zoo's experts, and on four generated layers of 768 × 768 × 4 experts; the share of the
 * time that singular value decompositions take, and how long a step of all layers does. Usage: npm run bench -- doge
 */
import { join } from "node:path";
import { quietContext } from "../src/core/context.ts";
import { createMerger } from "../src/core/merge/run.ts";
import { defaultRecipe } from "../src/core/recipe/default.ts";
import { setMethod, setMethodParam } from "../src/core/recipe/edit.ts";
import type { Kernels } from "../src/core/tensor/kernels.ts";
import { moved, noisy, smallLibrary } from "../src/core/testing/small-library.ts";
import { simdKernels } from "../src/kernels/simd.ts";
import { atStep } from "../zoo/measure/first-results.ts";
import { Meter } from "../zoo/measure/meter.ts";
import { showEstimate, zooFolder } from "./zoo.ts";

/** Where experts of the zoo are stopped. */
const STOPS = [640, 2560];
/** Steps of the optimisation. */
const STEPS = 400;
const LAYERS = 4;
const SIDE = 768;
const EXPERTS = ["a", "b", "c", "d"];

/** Kernels, and the milliseconds that two of them have taken since they were last asked for. */
interface Clocked {
  readonly kernels: Kernels;
  spent(): { readonly leftVectors: number; readonly descend: number };
}

const clocked = clock(simdKernels());
const meter = await Meter.open(join(zooFolder(), "vision"), clocked.kernels);
for (const stop of STOPS) await mergeZoo(stop);
await mergeLayers();

async function mergeZoo(step: number): Promise<void> {
  const chosen = setMethodParam(setMethod(meter.first(), "doge"), "steps", STEPS);
  const recipe = atStep(meter, { ...chosen, sparsifiers: [] }, step);
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
  const ids = EXPERTS.map((id) => ({ id }));
  const recipe = setMethodParam(defaultRecipe({ base: library.base, experts: ids }, "doge"), "steps", STEPS);
  const merger = createMerger(library, clocked.kernels);
  const seconds = await secondsOf(() => merger.merge(recipe, "layers", () => {}, quietContext));
  console.log(`DOGE, ${LAYERS} layers of ${SIDE} × ${SIDE} × ${EXPERTS.length} experts: ${seconds}`);
}

/** "12.3 s, of which SVD 4 %, 38.1 ms per step" */
async function secondsOf(run: () => Promise<unknown>): Promise<string> {
  clocked.spent();
  const begin = performance.now();
  await run();
  const milliseconds = performance.now() - begin;
  const { leftVectors, descend } = clocked.spent();
  const share = ((100 * leftVectors) / milliseconds).toFixed(0);
  return `${(milliseconds / 1000).toFixed(1)} s, of which SVD ${share} %, ${(descend / STEPS).toFixed(2)} ms per step`;
}

function clock(kernels: Kernels): Clocked {
  let spent = { leftVectors: 0, descend: 0 };
  const timed =
    <A extends unknown[], R>(name: keyof typeof spent, work: (...args: A) => R) =>
    (...args: A): R => {
      const begin = performance.now();
      const found = work(...args);
      spent[name] += performance.now() - begin;
      return found;
    };
  return {
    kernels: {
      ...kernels,
      leftVectors: timed("leftVectors", kernels.leftVectors),
      descend: timed("descend", kernels.descend),
    },
    spent() {
      const until = spent;
      spent = { leftVectors: 0, descend: 0 };
      return until;
    },
  };
}
