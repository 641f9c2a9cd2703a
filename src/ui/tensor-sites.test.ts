import { describe, expect, it } from "vitest";
import { setLocked, setTensorDensity, setTensorKeep, setTensorLambda } from "#core/recipe/edit-tensors.ts";
import type { Recipe } from "#core/recipe/schema.ts";
import { resetByHand, scaleRates, unlocked } from "./tensor-bulk.ts";
import { type SiteSource, siteView, tensorView } from "./tensor-sites.ts";
import { fixtureLibrary, fixtureRecipe } from "./testing/fixture.ts";
import { fixtureSummary } from "./testing/fixture-merge.ts";

const library = fixtureLibrary();
const card = library.tensors.find(({ name }) => name === "blocks.0.attn.qkv.weight") ?? library.tensors[0];
const other = library.tensors[10];
const summary = fixtureSummary(library.tensors, fixtureRecipe);
const source = (recipe: Recipe, merged = summary): SiteSource => ({ recipe, library, summary: merged });

describe("siteView", () => {
  it("shows what the merge did while no rule says otherwise", () => {
    expect(siteView(source(fixtureRecipe), card, ["digits"])).toMatchObject({
      rate: 0.8,
      why: "param",
      isMixed: false,
      rule: undefined,
    });
  });

  it("shows a rate set by hand at once, without the old merge's threshold and realised rate", () => {
    const recipe = setTensorDensity(fixtureRecipe, [card.name], ["digits"], 0.35);
    const view = siteView(source(recipe), card, ["digits"]);
    expect(view).toMatchObject({ rate: 0.65, why: "hand", realised: undefined, threshold: undefined });
    expect(view.isCutBySize).toBe(true);
    expect(siteView(source(recipe), card, ["clothes"])).toMatchObject({ rate: 0.8, why: "param" });
  });

  it("takes the threshold and the realised rate from the merge that answered this very request", () => {
    const recipe = setTensorDensity(fixtureRecipe, [card.name], ["digits"], 0.35);
    const view = siteView(source(recipe, fixtureSummary(library.tensors, recipe)), card, ["digits"]);
    expect(view.threshold).toBeGreaterThan(0);
    expect(view.realised).toBeCloseTo(0.65, 3);
  });

  it("names a rule by role apart from one by hand", () => {
    const rule = { match: { role: card.role }, set: { density: 0.5 } };
    expect(siteView(source({ ...fixtureRecipe, rules: [rule] }), card, ["digits"])).toMatchObject({
      why: "rule",
      rule: 0,
      rate: 0.5,
    });
  });

  it("says that several experts differ and gives their mean", () => {
    const recipe = setTensorDensity(fixtureRecipe, [card.name], ["digits"], 0.4);
    const view = siteView(source(recipe), card, ["digits", "clothes"]);
    expect(view).toMatchObject({ isMixed: true, why: "mixed" });
    expect(view.rate).toBeCloseTo(0.7);
  });

  it("keeps its identity while its content stays, and only then", () => {
    const before = siteView(source(fixtureRecipe), card, ["digits"]);
    const recipe = setTensorDensity(fixtureRecipe, [other.name], ["digits"], 0.1);
    expect(siteView(source(recipe, fixtureSummary(library.tensors, recipe)), card, ["digits"])).toBe(before);
    const changed = setTensorDensity(fixtureRecipe, [card.name], ["digits"], 0.1);
    expect(siteView(source(changed), card, ["digits"])).not.toBe(before);
  });

  it("has no rate before the first merge", () => {
    const view = siteView({ recipe: fixtureRecipe, library, summary: undefined }, card, ["digits"]);
    expect(view).toMatchObject({ rate: undefined, why: "unknown" });
  });
});

describe("tensorView", () => {
  it("tells λ, keep and lock of a tensor", () => {
    const edited = setTensorKeep(setTensorLambda(fixtureRecipe, [card.name], 0.7), [card.name], "base");
    const recipe = setLocked(edited, [card.name], true);
    expect(tensorView(source(recipe), card)).toEqual({
      lambda: 0.7,
      hasOwnLambda: true,
      keep: "base",
      isLocked: true,
    });
    expect(tensorView(source(recipe), other)).toMatchObject({
      lambda: 0.4,
      hasOwnLambda: false,
      isLocked: false,
    });
  });
});

describe("edits of many tensors", () => {
  it("leave locked ones out", () => {
    const recipe = setLocked(fixtureRecipe, [card.name], true);
    expect(unlocked(recipe, [card, other])).toEqual([other]);
  });

  it("scale the rates in force, each from its own value, and stay in 0…1", () => {
    const start = setTensorDensity(fixtureRecipe, [card.name], ["digits"], 0.9);
    const scaled = scaleRates(start, source(start), [card, other], ["digits"], 2);
    expect(siteView(source(scaled), card, ["digits"]).rate).toBeCloseTo(0.2);
    expect(siteView(source(scaled), other, ["digits"]).rate).toBe(1);
    expect(siteView(source(scaled), card, ["clothes"]).rate).toBe(0.8);
  });

  it("reset everything that was set by hand and nothing else", () => {
    const rule = { match: { glob: "norm.*" }, set: { density: 0.5 } };
    const start = { ...fixtureRecipe, rules: [rule] };
    const density = setTensorDensity(start, [card.name, other.name], undefined, 0.3);
    const edited = setTensorKeep(setTensorLambda(density, [card.name], 1), [other.name], "base");
    expect(resetByHand(edited, [card.name, other.name]).rules).toEqual([rule]);
  });
});
