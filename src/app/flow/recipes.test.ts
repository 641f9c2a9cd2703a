import { describe, expect, test, vi } from "vitest";
import { isAppError } from "#core/errors.ts";
import { setTensorDensity } from "#core/recipe/edit-tensors.ts";
import { recipeFileToText } from "#core/recipe/share.ts";
import { numberExperts } from "#core/recipe/without-names.ts";
import type { LibraryCard } from "#core/summary.ts";
import { arithmetic } from "#core/testing/small-merge.ts";
import { createAppStore } from "../store.ts";
import { adopt, familyOf, familyOfHash, openRecipeText, recipeFromHash, recipeToHash } from "./recipes.ts";

const code = async (hash: string) => {
  try {
    await recipeFromHash(hash);
    return "accepted";
  } catch (error) {
    return isAppError(error) ? error.code : "another error";
  }
};

describe("a recipe in the address", () => {
  test("comes back as it went in", async () => {
    const recipe = setTensorDensity(arithmetic, ["x"], undefined, 0.25);
    expect(await recipeFromHash(await recipeToHash(recipe))).toEqual(recipe);
  });

  test("is the same for the same recipe, in whatever order its fields were set", async () => {
    const other = Object.fromEntries(Object.entries(arithmetic).reverse()) as typeof arithmetic;
    expect(await recipeToHash(other)).toBe(await recipeToHash(arithmetic));
  });

  test("names its family unless it is the first: families may share a base", async () => {
    const hash = await recipeToHash(arithmetic, "sparse");
    expect(familyOfHash(hash)).toBe("sparse");
    expect(await recipeFromHash(hash)).toEqual(arithmetic);
    expect(familyOfHash(await recipeToHash(arithmetic))).toBeUndefined();
    const store = createAppStore();
    const entry = (id: string) => ({ id, name: id, base: arithmetic.base });
    store.setState({ families: [entry("vision"), entry("sparse")] });
    expect(familyOf(store, arithmetic, "sparse")?.id).toBe("sparse");
    expect(familyOf(store, arithmetic)?.id).toBe("vision");
    expect(familyOf(store, { ...arithmetic, base: "other" })).toBeUndefined();
  });

  test("is absent from other hashes", async () => {
    expect(await recipeFromHash("")).toBeUndefined();
    expect(await recipeFromHash("#lesson")).toBeUndefined();
  });

  test("is refused when damaged, cut, too long or a bomb", async () => {
    const hash = await recipeToHash(arithmetic);
    expect(await code(hash.slice(0, -20))).toBe("recipe/malformed");
    expect(await code("#r=%%%")).toBe("recipe/malformed");
    expect(await code(`#r=${"A".repeat(40_000)}`)).toBe("recipe/malformed");
    const zeros = new Blob([new Uint8Array(6_000_000)])
      .stream()
      .pipeThrough(new CompressionStream("deflate-raw"));
    const bomb = Buffer.from(await new Response(zeros).arrayBuffer()).toString("base64url");
    expect(await code(`#r=${bomb}`)).toBe("recipe/malformed");
  });
});

describe("adopting a recipe", () => {
  const library = {
    base: { id: arithmetic.base, label: "Base", parameters: 1 },
    experts: ["a", "b", "c"].map((id) => ({ id, checkpoints: [] })),
  } as unknown as LibraryCard;

  test("takes it when base and experts are open", () => {
    const store = createAppStore();
    store.getState().setLibrary(library, "ready");
    adopt(store, arithmetic);
    expect(store.getState().recipe).toBe(arithmetic);
  });

  test("names what is missing otherwise, and leaves the recipe alone", () => {
    const store = createAppStore();
    store.getState().setLibrary({ ...library, experts: library.experts.slice(0, 2) }, "ready");
    expect(() => adopt(store, arithmetic)).toThrow(/“c”/);
    expect(() => adopt(store, { ...arithmetic, base: `sha256:${"f".repeat(64)}` })).toThrow(/another base/);
    expect(store.getState().recipe).toBeUndefined();
  });

  test("finds experts whose names were left out by their content", async () => {
    const store = createAppStore();
    store.getState().setLibrary(library, "ready");
    const contents = ["1", "2", "3"].map((digit) => `sha256:${digit.repeat(64)}`);
    const experts = Object.fromEntries(
      arithmetic.experts.map(({ id }, k) => [id, { step: 20, id: contents[k] ?? "" }]),
    );
    const { recipe, inputs } = numberExperts(arithmetic, { base: arithmetic.base, experts });
    expect(JSON.stringify(recipe)).toContain("expert-3");
    const find = async () =>
      arithmetic.experts.map(({ id }, k) => ({ id, checkpoints: [{ id: contents[k] ?? "", step: 20 }] }));
    openRecipeText(store, recipeFileToText({ recipe, inputs }), { find });
    await vi.waitFor(() => expect(store.getState().recipe).toEqual(arithmetic));
  });
});
