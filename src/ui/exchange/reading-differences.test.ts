import { describe, expect, it } from "vitest";
import { methodCards, sparsifierCards } from "#core/catalog.ts";
import { setMethod, setMethodParam, setSparsifierParam } from "#core/recipe/edit.ts";
import { parseRecipe } from "#core/recipe/parse.ts";
import { readingsOf } from "#core/semantics.ts";
import { fixtureRecipe } from "../testing/fixture.ts";
import { differencesOf } from "./reading-differences.ts";

const cards = { methods: methodCards, sparsifiers: sparsifierCards };
const ties = setMethod(parseRecipe(fixtureRecipe), "ties");
const own = setMethodParam(setSparsifierParam(ties, 0, "scope", "model"), "average", "count");

describe("what sets a reading apart", () => {
  it("is said in the words of the controls, the chain first", () => {
    const mergekit = readingsOf(own).find(({ dialects }) => dialects.includes("mergekit"));
    expect(mergekit && differencesOf(own, mergekit.recipe, cards)).toEqual([
      { label: "Rank within", value: "each tensor" },
      { label: "Divide by", value: "the agreeing weights" },
    ]);
  });

  it("is nothing for the recipe's own", () => {
    expect(differencesOf(own, own, cards)).toEqual([]);
  });
});
