/** The one property that the whole engine stands on: an image brought along edit by edit holds the bits of a full merge. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { presets } from "../catalog.ts";
import { type Context, quietContext } from "../context.ts";
import { isAppError } from "../errors.ts";
import { EvidenceStore } from "../evidence/store.ts";
import { evidenceKinds } from "../model/evidence.ts";
import { defaultRecipe } from "../recipe/default.ts";
import * as edit from "../recipe/edit.ts";
import { removeEvidence, setEvidence } from "../recipe/edit-evidence.ts";
import * as tensors from "../recipe/edit-tensors.ts";
import { builtIn } from "../recipe/registry.ts";
import type { Recipe } from "../recipe/schema.ts";
import { twin } from "../tensor/twin.ts";
import { witness } from "../testing/small-evidence.ts";
import { moved, noisy, type SmallTensor, smallLibrary } from "../testing/small-library.ts";
import { createMerger } from "./run.ts";

const plans: readonly SmallTensor[] = [
  noisy("blocks.0.attn.weight", [8, 9], 1),
  { ...noisy("blocks.0.attn.bias", [3], 2), dtype: "f16" },
  noisy("blocks.1.mlp.weight", [5, 14], 3),
  noisy("scale", [], 4),
  { name: "position_ids", shape: [4], dtype: "i64", values: [0, 1, 2, 3] },
];
const ids = ["a", "b", "c"];

/** A library of 2–5 tensors and 1–3 experts with two steps each; every third expert lacks the last tensor. */
const libraries = fc.record({
  count: fc.integer({ min: 2, max: 5 }),
  experts: fc.integer({ min: 1, max: 3 }),
});

/** Its experts are measured twice in every way; `[kind expert variant]` gives the ids. */
async function build({ count, experts }: { count: number; experts: number }) {
  const base = plans.slice(0, count);
  const steps = (k: number) => {
    const own = k === 2 ? base.slice(0, -1) : base;
    return { 10: moved(own, 10 * k + 1, 0.05), 20: moved(own, 10 * k + 2) };
  };
  const store = new EvidenceStore();
  const own = ids.slice(0, experts);
  const library = smallLibrary(base, Object.fromEntries(own.map((id, k) => [id, steps(k)])), store);
  const measured = new Map<string, string>();
  for (const kind of evidenceKinds) {
    for (const id of own) {
      for (const v of [0, 1]) measured.set(`${kind} ${id} ${v}`, await witness(library, store, kind, id, v));
    }
  }
  return { library, measured };
}

type Measured = ReadonlyMap<string, string>;
type Change = (recipe: Recipe, measured: Measured) => Recipe;

function hear(
  recipe: Recipe,
  kind: (typeof evidenceKinds)[number],
  id: string,
  variant: number,
  from: Measured,
) {
  const found = from.get(`${kind} ${id} ${variant}`);
  return found === undefined ? recipe : setEvidence(recipe, kind, id, found);
}

/** Names the first measurement of every kind for every expert that has none. */
function hearAll(recipe: Recipe, from: Measured): Recipe {
  const missing = evidenceKinds.flatMap((kind) =>
    ids.flatMap((id) =>
      recipe.evidence.some((one) => one.kind === kind && one.expert === id) ? [] : [{ kind, id }],
    ),
  );
  return missing.reduce((r, { kind, id }) => hear(r, kind, id, 0, from), recipe);
}

/** Sets a parameter of a sparsifier, where the chain has it. */
function setParam(recipe: Recipe, id: string, key: string, value: string | boolean): Recipe {
  const index = recipe.sparsifiers.findIndex((use) => use.id === id);
  return index < 0 ? recipe : edit.setSparsifierParam(recipe, index, key, value);
}

function preset(recipe: Recipe, id: string): Recipe {
  const found = presets.find((candidate) => candidate.id === id);
  if (!found) throw new Error(`no preset ${id}`);
  return edit.applyPreset(recipe, found);
}

/** Recipes that the sequences start from: passes over whole experts, random masks, methods with a pass of their own. */
const starts: readonly Change[] = [
  (r) => preset(r, "dare-linear"),
  (r) => setParam(preset(r, "tadrop-ties"), "tadrop", "budget", true),
  (r) => edit.setMethod(r, "emr"),
  (r) => setParam(r, "magnitude", "scope", "model"),
  (r) => setParam(edit.setMethod(r, "localize-and-stitch"), "localize", "masks", "trained"),
  (r) => edit.addSparsifier(edit.setMethod(r, "fisher"), "sensitivity"),
  (r) => edit.setMethod(r, "regmean"),
];

const id = fc.constantFrom(...ids);
const someNames = fc.subarray(plans.map(({ name }) => name).slice(0, 4), { minLength: 1 });
const someExperts = fc.option(fc.subarray(ids, { minLength: 1 }), { nil: undefined });
const rate = fc.constantFrom(0, 0.1, 0.35, 1, undefined);
const dtype = fc.constantFrom("f32", "f16", "bf16", "base" as const);
const ruleOfMlp = { match: { glob: "blocks.*.mlp.*" }, set: { "magnitude.density": 0.6 } };

function by<T>(values: fc.Arbitrary<T>, change: (recipe: Recipe, value: T) => Recipe): fc.Arbitrary<Change> {
  return values.map((value) => (recipe) => change(recipe, value));
}

const changes = fc.oneof(
  by(fc.constantFrom(0, 0.3, 1, -0.5), edit.setLambda),
  by(fc.constantFrom(...builtIn.methods), (r, method) => edit.setMethod(r, method.id)),
  by(fc.constantFrom(...presets), (r, preset) => edit.applyPreset(r, preset)),
  by(fc.constantFrom(...builtIn.sparsifiers), (r, sparsifier) =>
    r.sparsifiers.length < 3 ? edit.addSparsifier(r, sparsifier.id, 0) : r,
  ),
  by(fc.nat(2), (r, index) => edit.toggleSparsifier(r, index)),
  by(fc.constantFrom("tensor", "model"), (r, scope) => setParam(r, "magnitude", "scope", scope)),
  by(fc.boolean(), (r, on) => setParam(r, "tadrop", "budget", on)),
  by(fc.constantFrom("dataless", "trained", "random"), (r, masks) => setParam(r, "localize", "masks", masks)),
  by(fc.constantFrom("model", "tensor"), (r, scope) => setParam(r, "sensitivity", "scope", scope)),
  fc.tuple(fc.constantFrom(...evidenceKinds), id, fc.nat(1)).map(
    ([kind, who, variant]): Change =>
      (r, measured) =>
        hear(r, kind, who, variant, measured),
  ),
  by(fc.tuple(fc.constantFrom(...evidenceKinds), id), (r, [kind, who]) => removeEvidence(r, kind, who)),
  by(fc.tuple(id, fc.constantFrom(10, 20, undefined)), (r, [who, step]) => edit.setExpertStep(r, who, step)),
  by(fc.tuple(id, fc.boolean()), (r, [who, on]) => edit.setExpertEnabled(r, who, on)),
  by(fc.tuple(id, fc.constantFrom(0, 0.5, 1)), (r, [who, weight]) => edit.setExpertWeight(r, who, weight)),
  by(fc.tuple(someNames, someExperts, rate), (r, [names, experts, density]) =>
    tensors.setTensorDensity(r, names, experts, density),
  ),
  by(fc.tuple(someNames, fc.constantFrom(0, 0.7, undefined)), (r, [names, lambda]) =>
    tensors.setTensorLambda(r, names, lambda),
  ),
  by(fc.tuple(someNames, fc.constantFrom("base", "a", undefined)), (r, [names, keep]) =>
    tensors.setTensorKeep(r, names, keep),
  ),
  by(fc.tuple(someNames, fc.boolean()), (r, [names, on]) => tensors.setLocked(r, names, on)),
  by(fc.constant(ruleOfMlp), (r, rule) => edit.addRule(r, rule)),
  by(fc.constant(undefined), tensors.resetAll),
  by(dtype, edit.setOutDtype),
  by(fc.nat(3), edit.setSeed),
);

const bitsOf = (rows: readonly Float32Array[]) =>
  rows.map((row) => [...new Int32Array(row.buffer, row.byteOffset, row.length)]);

/** A context that is cancelled at its n-th look at the signal. */
function cancelledAfter(looks: number): Context {
  let left = looks;
  return {
    ...quietContext,
    signal: {
      get aborted() {
        return left <= 0;
      },
      throwIfAborted() {
        if (left-- <= 0) throw new Error("cancelled");
      },
    },
  };
}

test("an image brought along by edits and cancelled merges holds the bits of a fresh full merge", async () => {
  const step = fc.record({
    change: changes,
    isUndo: fc.constantFrom(false, false, false, true),
    cancelAt: fc.option(fc.nat(25), { freq: 2, nil: undefined }),
  });
  const sequences = fc.array(step, { minLength: 1, maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(libraries, fc.constantFrom(...starts), sequences, async (size, start, steps) => {
      const { library, measured } = await build(size);
      const card = { base: library.base, experts: ids.slice(0, size.experts).map((id) => ({ id })) };
      const merger = createMerger(library, twin);
      const image = new Map<string, readonly Float32Array[]>();
      const emit = (name: string, rows: readonly Float32Array[]) =>
        rows.length > 0 ? image.set(name, rows) : image.delete(name);
      let recipe = hearAll(start(defaultRecipe(card, "ties"), measured), measured);
      let previous = recipe;
      for (const { change, isUndo, cancelAt } of steps) {
        const next = isUndo ? previous : change(recipe, measured);
        previous = recipe;
        recipe = next;
        const context = cancelAt === undefined ? quietContext : cancelledAfter(cancelAt);
        await merger.merge(recipe, "live", emit, context).catch((error: Error) => {
          const isExpected = isAppError(error) && error.code === "recipe/missing-evidence";
          if (error.message !== "cancelled" && !isExpected) throw error;
        });
      }
      // The last state is one that can be merged.
      recipe = hearAll(recipe, measured);
      const last = await merger.merge(recipe, "live", emit, quietContext);

      const fresh = new Map<string, readonly Float32Array[]>();
      const whole = await createMerger((await build(size)).library, twin).merge(
        recipe,
        "live",
        (name, rows) => fresh.set(name, rows),
        quietContext,
      );
      expect([...image.keys()].sort()).toEqual([...fresh.keys()].sort());
      for (const [name, rows] of fresh) expect(bitsOf(image.get(name) ?? [])).toEqual(bitsOf(rows));
      expect(last.tensors).toEqual(whole.tensors);
      expect(last.warnings).toEqual(whole.warnings);
      for await (const { spec, rows } of merger.full(recipe, quietContext)) {
        const own = fresh.get(spec.name);
        if (own) expect(bitsOf(rows)).toEqual(bitsOf(own));
      }
    }),
    { numRuns: 200 },
  );
}, 30_000);
