import { describe, expect, test } from "vitest";
import { presets } from "../catalog.ts";
import { AppError } from "../errors.ts";
import { defaultRecipe } from "./default.ts";
import { parseRecipe } from "./parse.ts";
import { builtIn } from "./registry.ts";
import { parseRecipeFile, recipeFileToText, recipeFromText, recipeToText } from "./share.ts";

const base = `sha256:${"0".repeat(64)}`;
const library = { base: { id: base }, experts: [{ id: "digits" }, { id: "clothes" }] };
const recipe = defaultRecipe(library, "ties");

/** A recipe as it may come from outside, with one part replaced. */
function alter(change: Record<string, unknown>): unknown {
  return { ...JSON.parse(JSON.stringify(recipe)), ...change };
}

function refusal(value: unknown): AppError {
  try {
    parseRecipe(value);
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error("the recipe was accepted");
}

test("reads back what it wrote, for every method and preset", () => {
  for (const start of [...builtIn.methods.map(({ id }) => id), ...presets]) {
    const made = defaultRecipe(library, start);
    expect(recipeFromText(recipeToText(made))).toEqual(made);
  }
});

test("fills parameters that are missing and rounds densities to six decimals", () => {
  const parsed = parseRecipe(
    alter({
      sparsifiers: [{ id: "magnitude", enabled: true, params: { density: 0.12345678 } }],
      rules: [{ match: {}, set: { density: 0.1 + 0.2, "magnitude.density": 1 / 3 } }],
    }),
  );
  expect(parsed.sparsifiers[0].params).toMatchObject({ density: 0.123457, scope: "tensor" });
  expect(parsed.rules[0].set).toEqual({ density: 0.3, "magnitude.density": 0.333333 });
  expect(parsed.method.params).toEqual(recipe.method.params);
});

describe("refuses, naming what is wrong:", () => {
  test("something that is no recipe", () => {
    for (const value of [null, 1, "recipe", [], {}]) {
      expect(refusal(value)).toMatchObject({ code: "recipe/malformed", details: { path: "version" } });
    }
  });

  test("a newer version", () => {
    expect(refusal(alter({ version: 2 })).message).toContain("version 2");
  });

  test("an unknown key, by its path", () => {
    expect(refusal(alter({ lamda: 1 })).message).toContain("lamda");
    expect(refusal(alter({ lambda: 3 })).details.path).toBe("lambda");
    expect(refusal(alter({ lambda: Number.NaN })).details.path).toBe("lambda");
  });

  test("a method with a typing error, with the nearest one", () => {
    const error = refusal(alter({ method: { id: "tise", params: {} } }));
    expect(error.code).toBe("recipe/unknown-method");
    expect(error.message).toContain("Did you mean “ties”?");
  });

  test("an unknown sparsifier, also in a rule", () => {
    const use = { id: "magnitud", enabled: false, params: {} };
    expect(refusal(alter({ sparsifiers: [use] })).code).toBe("recipe/unknown-sparsifier");
    const rule = { match: {}, set: { "drae.density": 0.1 } };
    expect(refusal(alter({ rules: [rule] })).code).toBe("recipe/unknown-sparsifier");
  });

  test("a parameter out of range, with its value and range", () => {
    const use = { id: "magnitude", enabled: true, params: { density: 1.5 } };
    const error = refusal(alter({ sparsifiers: [use] }));
    expect(error.message).toBe("sparsifiers.0.params.density is 1.5; magnitude takes 0 to 1.");
    expect(error.details).toMatchObject({ key: "density", value: "1.5", allowed: "0 to 1" });
    const rule = { match: {}, set: { "magnitude.scope": "galaxy" } };
    expect(refusal(alter({ rules: [rule] })).details.allowed).toBe("tensor, model");
  });

  test("an unknown parameter, with the nearest one", () => {
    const use = { id: "magnitude", enabled: true, params: { densty: 0.5 } };
    expect(refusal(alter({ sparsifiers: [use] })).message).toContain("Did you mean “density”?");
  });

  test("rules that set what no rule can", () => {
    expect(refusal(alter({ rules: [{ match: {}, set: { colour: "red" } }] })).message).toContain("colour");
    expect(refusal(alter({ rules: [{ match: {}, set: { density: "a lot" } }] })).details.key).toBe("density");
    expect(refusal(alter({ rules: [{ match: {}, set: { weight: 9 } }] })).details.allowed).toBe("-2 to 2");
  });

  test("experts named twice, called base, or kept from without being there", () => {
    const expert = { id: "digits", enabled: true, weight: 1 };
    expect(refusal(alter({ experts: [expert, expert] })).message).toContain("twice");
    expect(refusal(alter({ experts: [{ ...expert, id: "base" }] })).message).toContain("base");
    expect(refusal(alter({ rules: [{ match: {}, keep: "nobody" }] })).code).toBe("recipe/unknown-expert");
  });
});

test("a saved file carries the recipe and its inputs", () => {
  const inputs = { base, experts: { digits: { step: 160, id: base } } };
  const file = { recipe, inputs, notes: "first try" };
  expect(parseRecipeFile(recipeFileToText(file))).toEqual(file);
  expect(() => parseRecipeFile("{")).toThrow(/no JSON/);
  expect(() => parseRecipeFile(recipeToText(recipe))).toThrow(/no saved Kintsugi recipe/);
});
