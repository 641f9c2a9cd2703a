/**
 * What an edit costs in 8 experts of 1 M parameters (8 tensors), TIES after a trim, through the merger with SIMD
 * kernels: one tensor's density changes, or that of all. Usage: npm run bench -- edit
 */
import { quietContext } from "../src/core/context.ts";
import { createMerger } from "../src/core/merge/run.ts";
import { defaultRecipe } from "../src/core/recipe/default.ts";
import { setSparsifierParam } from "../src/core/recipe/edit.ts";
import { setTensorDensity } from "../src/core/recipe/edit-tensors.ts";
import type { Recipe } from "../src/core/recipe/schema.ts";
import { moved, noisy, smallLibrary } from "../src/core/testing/small-library.ts";
import { simdKernels } from "../src/kernels/simd.ts";
import { clocked, takeTurns } from "./turns.ts";

const EXPERTS = 8;
const TENSORS = 8;
const SHAPE = [250, 500];
const ROUNDS = 25;
const TARGETS = { ready: 7, everything: 25 };

const ids = Array.from({ length: EXPERTS }, (_, k) => `expert-${k}`);
const base = Array.from({ length: TENSORS }, (_, i) => noisy(`blocks.${i}.weight`, SHAPE, i));
const library = smallLibrary(base, Object.fromEntries(ids.map((id, k) => [id, { 1: moved(base, k + 1) }])));
const merger = createMerger(library, simdKernels(), { now: () => performance.now() });
const start = setSparsifierParam(
  defaultRecipe({ base: library.base, experts: ids.map((id) => ({ id })) }, "ties"),
  0,
  "scope",
  "tensor",
);
const middle = base[TENSORS >> 1]?.name ?? "";
let edits = 0;

/** Every edit asks for a density that was not asked for before. */
const one = (): Recipe => setTensorDensity(start, [middle], undefined, 0.1 + ++edits / 1e4);
const all = (): Recipe => setSparsifierParam(start, 0, "density", 0.1 + ++edits / 1e4);

await merge("live", start);
await merge("all", start);
let ready = 0;
let worked = 0;
const spent = await takeTurns(
  {
    everything: clocked(async () => {
      const before = process.cpuUsage();
      ready = await merge("live", one());
      const { user, system } = process.cpuUsage(before);
      worked = (user + system) / 1000;
    }),
    ready: async () => ready,
    worked: async () => worked,
    all: clocked(() => merge("all", all())),
  },
  ROUNDS,
);
console.log(
  `edits in ${EXPERTS} experts × 1 M parameters (${TENSORS} tensors), TIES: milliseconds, median (least) of ${ROUNDS} rounds`,
);
print("one tensor's density: that tensor is ready after", "ready", TARGETS.ready);
print("one tensor's density: the merge is over after", "everything", TARGETS.everything);
print("of which processors worked, garbage collection too", "worked", TARGETS.everything);
print("every tensor's density: the merge is over after", "all", TARGETS.everything);

/** Returns the milliseconds until the last tensor was emitted. */
async function merge(image: string, recipe: Recipe): Promise<number> {
  const begin = performance.now();
  let last = 0;
  await merger.merge(
    recipe,
    image,
    () => {
      last = performance.now() - begin;
    },
    quietContext,
  );
  return last;
}

function print(what: string, name: "ready" | "everything" | "worked" | "all", target: number): void {
  const times = spent.get(name);
  if (!times) throw new Error("no rounds");
  console.log(
    `  ${what.padEnd(54)} ${times.median.toFixed(1)} (${times.least.toFixed(1)}), target ${target}`,
  );
}
