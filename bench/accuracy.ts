/**
 * What merges of the zoo keep: mean test accuracy of its tasks for dense experts, TaLoS experts and Localize-and-Stitch.
 * λ is chosen on validation, test is measured once. Beside them zoo.md's figures, of zoos trained elsewhere (those below
 * task arithmetic with other heads and splits): orientation, not a gate. Usage: npm run bench -- accuracy
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { presets } from "../src/core/catalog.ts";
import { quietContext } from "../src/core/context.ts";
import type { Estimate } from "../src/core/eval/report.ts";
import { localise } from "../src/core/localise/localise.ts";
import { maskDensity } from "../src/core/localise/mask.ts";
import { localiseSpec } from "../src/core/localise/spec.ts";
import { averageRecipe } from "../src/core/recipe/baselines.ts";
import { applyPreset, setSparsifierParam } from "../src/core/recipe/edit.ts";
import { setEvidence } from "../src/core/recipe/edit-evidence.ts";
import type { Recipe } from "../src/core/recipe/schema.ts";
import { simdKernels } from "../src/kernels/simd.ts";
import { numbersOf } from "../zoo/measure/card.ts";
import { atStep } from "../zoo/measure/first-results.ts";
import { Meter } from "../zoo/measure/meter.ts";
import { nodeRunner } from "../zoo/node-runner.ts";
import { OpenZoo, showEstimate, showShare, zooFolder } from "./zoo.ts";

const STEPS = [160, 640, 2560];
/** Trained masks are made at this step alone: a minute or two. */
const TRAINED_STEP = 640;

/** One cell: an accuracy, with its interval where it is a merge's, and what else there is to say. */
interface Cell {
  readonly mean: number | Estimate;
  readonly note?: string;
}

/** What zoo.md says at STEPS. */
const ORIENTATION = {
  expert: [0.939, 0.947, 0.955],
  average: [0.847, 0.854, 0.846],
  dense: [0.865, 0.868, 0.846],
  talosExpert: [undefined, 0.935, 0.948],
  talos: [0.8, 0.801, 0.771],
  dataless: [0.772, 0.778, 0.786],
  trained: [undefined, 0.806, undefined],
} as const;

const folder = zooFolder();
console.log(
  `mean test accuracy of the tasks (95 % interval) at steps ${STEPS.join(", ")}; [zoo.md, orientation]`,
);
const meter = await Meter.open(join(folder, "vision"), simdKernels());
const dense = await measureAdded(meter, "dense", ORIENTATION.expert, ORIENTATION.dense);
row("simple average of dense", await measured(averageRecipe), ORIENTATION.average);
row("L&S, dataless, 5 %", await measured(stitched), ORIENTATION.dataless);
const masked = await withMasks(stitched(atStep(meter, meter.first(), TRAINED_STEP)));
row(
  "L&S, trained masks",
  await Promise.all(STEPS.map((step) => (step === TRAINED_STEP ? masked : undefined))),
  ORIENTATION.trained,
);
if (existsSync(join(folder, "sparse"))) {
  const sparse = await Meter.open(join(folder, "sparse"), simdKernels());
  const talos = await measureAdded(sparse, "TaLoS", ORIENTATION.talosExpert, ORIENTATION.talos);
  compare(talos, dense);
} else {
  console.log("TaLoS experts are in no zoo here: npm run zoo trains them.");
}

/** Task arithmetic of a family's own experts at its best λ, under how they do alone. */
async function measureAdded(
  family: Meter,
  name: string,
  alone: readonly (number | undefined)[],
  added: readonly (number | undefined)[],
): Promise<readonly Estimate[]> {
  const own: Cell[] = [];
  const merged: { mean: Estimate; note: string }[] = [];
  for (const step of STEPS) {
    const recipe = atStep(family, family.first(), step);
    const numbers = await numbersOf(family, recipe, family.experts, step);
    const { mean } = await family.measure(numbers.recipe, { split: "test" });
    own.push({ mean: numbers.expert });
    merged.push({ mean: mean.merged, note: `λ ${numbers.taskArithmeticLambda}` });
  }
  row(`${name} experts, own task`, own, alone);
  row(`${name}, task arithmetic`, merged, added);
  return merged.map(({ mean }) => mean);
}

/** A recipe at every step. */
async function measured(change: (recipe: Recipe) => Recipe): Promise<readonly Cell[]> {
  const cells: Cell[] = [];
  for (const step of STEPS) {
    const recipe = change(atStep(meter, meter.first(), step));
    cells.push({ mean: (await meter.measure(recipe, { split: "test" })).mean.merged });
  }
  return cells;
}

function stitched(recipe: Recipe): Recipe {
  const preset = presets.find(({ id }) => id === "localize-and-stitch-dataless");
  if (!preset) throw new Error("no preset of Localize-and-Stitch");
  return applyPreset(recipe, preset);
}

/** Trains a mask for every expert with the defaults, and stitches what they choose. */
async function withMasks(recipe: Recipe): Promise<Cell> {
  const zoo = await OpenZoo.open(join(folder, "vision"), nodeRunner());
  const spec = localiseSpec.parse({});
  let masked = setSparsifierParam(recipe, 0, "masks", "trained");
  const densities: number[] = [];
  for (const { id } of meter.experts) {
    const expert = await zoo.expert(id, TRAINED_STEP);
    const data = await zoo.bench.data(expert.task, "fewShot");
    const validation = await zoo.bench.data(expert.task, "validation");
    const input = { ...expert, tensors: zoo.bench.weights, data, validation };
    const { mask, examples } = await localise(input, spec, quietContext);
    await expert.gradients.close();
    densities.push(maskDensity(mask));
    const about = { kind: "mask", expert: id, checkpoint: expert.checkpoint.id, task: expert.task } as const;
    const { library } = meter;
    const evidence = library.evidenceStore.add(
      { ...about, base: library.base.id, step: expert.step, examples, options: spec },
      zoo.bench.weights.flatMap(({ name, shape }) => {
        const values = mask.get(name);
        return values ? [{ name, shape, values }] : [];
      }),
    );
    masked = setEvidence(masked, "mask", id, evidence.id);
  }
  const { mean } = await meter.measure(masked, { split: "test" });
  const shares = densities.map((density) => `${(100 * density).toFixed(1)}`).join(", ");
  return { mean: mean.merged, note: `${shares} % of the weights` };
}

function compare(talos: readonly Estimate[], of: readonly Estimate[]): void {
  const below = STEPS.flatMap((step, i) => {
    const gap = (of[i]?.value ?? 0) - (talos[i]?.value ?? 0);
    return gap > 0 ? [`${(100 * gap).toFixed(1)} points at step ${step}`] : [];
  });
  console.log(
    below.length > 0
      ? `Merged TaLoS experts lie below merged dense experts here: by ${below.join(", ")}.`
      : "Merged TaLoS experts do not lie below merged dense experts here.",
  );
}

function row(
  name: string,
  cells: readonly (Cell | undefined)[],
  orientation: readonly (number | undefined)[],
): void {
  const shown = STEPS.map((_, i) => {
    const [cell, other] = [cells[i], orientation[i]];
    if (!cell) return "·";
    const { mean, note } = cell;
    const value = typeof mean === "number" ? showShare(mean) : showEstimate(mean);
    return [value, ...(note ? [note] : []), ...(other === undefined ? [] : [`[${showShare(other)}]`])].join(
      " ",
    );
  });
  console.log(`${name.padEnd(26)} ${shown.join("   ")}`);
}
