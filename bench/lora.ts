/**
 * What becomes of LoRA experts: the text zoo's languages, merged as products, cut to ranks, and routed by Arrow. λ and
 * the temperature are chosen on validation, per method; test is measured once. Usage: npm run bench -- lora
 */
import { join } from "node:path";
import { averageRecipe, baseRecipe, expertRecipe } from "../src/core/recipe/baselines.ts";
import { setLambda, setMethod, setMethodParam } from "../src/core/recipe/edit.ts";
import type { Params, Recipe } from "../src/core/recipe/schema.ts";
import { simdKernels } from "../src/kernels/simd.ts";
import { atStep } from "../zoo/measure/first-results.ts";
import { Meter } from "../zoo/measure/meter.ts";
import { showEstimate, zooFolder } from "./zoo.ts";

const STEPS = [40, 320];
const RANKS = [1, 2, 4, 8, 16, 48];
const LAMBDAS = Array.from({ length: 21 }, (_, i) => Number((0.1 * i).toFixed(1)));
/** For routed models, which take longer and have a temperature too. */
const COARSE = LAMBDAS.filter((_, i) => i % 2 === 0);
/** Arrow's softmax: the inputs' norms differ by layer and zoo, so one temperature does not say much. */
const TEMPERATURES = [0.2, 1];

const meter = await Meter.open(join(zooFolder(), "text"), simdKernels());
for (const step of STEPS) {
  console.log(`LoRA experts of ${meter.experts.length} languages at step ${step}; mean test accuracy`);
  const first = { ...atStep(meter, meter.first(), step), sparsifiers: [] };
  await show("base", baseRecipe(first));
  await showOwn(first, step);
  await show("simple average", averageRecipe(first));
  await search("task arithmetic", [setMethod(first, "task-arithmetic")]);
  for (const rank of RANKS) await search(`sum cut to rank ${rank}`, [lora(first, { kind: "svd", rank })]);
  await search("sum, side by side", [lora(first, { kind: "cat" })]);
  await search("factors averaged one by one", [lora(first, { kind: "factors" })]);
  for (const topK of [0, 2, 1]) {
    const routed = (temperature: number) => withParams(setMethod(first, "arrow"), { topK, temperature });
    await search(
      `Arrow, ${topK === 0 ? "all experts" : `the best ${topK}`}`,
      TEMPERATURES.map(routed),
      COARSE,
    );
    await show(`  at λ 1, temperature 1`, setLambda(routed(1), 1));
  }
}

function lora(recipe: Recipe, params: Params): Recipe {
  return withParams(setMethod(recipe, "lora-merge"), params);
}

function withParams(recipe: Recipe, params: Params): Recipe {
  return Object.entries(params).reduce(
    (changed, [key, value]) => setMethodParam(changed, key, value),
    recipe,
  );
}

/** Each expert on its own language. */
async function showOwn(recipe: Recipe, step: number): Promise<void> {
  let sum = 0;
  for (const { id, task } of meter.experts) {
    if (task === undefined) continue;
    const report = await meter.measure(expertRecipe(recipe, id, step), { split: "test", tasks: [task] });
    sum += report.mean.merged.value / meter.experts.length;
  }
  console.log(`  experts, each on its own language: ${sum.toFixed(3)}`);
}

/** The best of the recipes and λs by validation, measured on test. */
async function search(label: string, recipes: readonly Recipe[], lambdas = LAMBDAS): Promise<void> {
  let best = { recipe: recipes[0], validation: -1 };
  for (const recipe of recipes) {
    for (const lambda of lambdas) {
      const candidate = setLambda(recipe, lambda);
      const validation = await meter.accuracy(candidate, "validation");
      if (validation > best.validation) best = { recipe: candidate, validation };
    }
  }
  const { lambda, method } = best.recipe ?? {};
  const temperature = method?.params.temperature;
  const chosen = `λ ${lambda}${temperature === undefined ? "" : `, temperature ${temperature}`}`;
  if (best.recipe) await show(`${label} (${chosen})`, best.recipe);
}

async function show(label: string, recipe: Recipe): Promise<void> {
  const { output, mean } = await meter.measure(recipe, { split: "test" });
  console.log(
    `  ${label}: ${showEstimate(mean.merged)}, n ${mean.merged.n}${output === "single" ? "" : ` (${output})`}`,
  );
}
