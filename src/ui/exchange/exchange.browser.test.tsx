import { expect, it } from "vitest";
import { render } from "vitest-browser-react";
import { store } from "#app/store.ts";
import { setMethod, setMethodParam, setSparsifierParam } from "#core/recipe/edit.ts";
import { readingsOf } from "#core/semantics.ts";
import { openFixture } from "../testing/open-fixture.ts";
import { AncestryDialog } from "./AncestryDialog.tsx";
import { MergekitDialog } from "./MergekitDialog.tsx";
import { SemanticsDialog } from "./SemanticsDialog.tsx";

it("shows a configuration's findings beside their lines before it is used", async () => {
  const calls = openFixture();
  store.getState().patchExchange({
    openedConfig: {
      name: "ties.yaml",
      lines: ["merge_method: ties", "tokenizer_source: union"],
      findings: [
        { severity: "ignored", line: 2, path: "tokenizer_source", message: "Not about weights." },
        { severity: "differs", line: 1, path: "merge_method", message: "Ties are kept otherwise." },
      ],
      recipe: store.getState().recipe,
    },
  });
  const screen = await render(<MergekitDialog />);
  const items = screen.getByRole("listitem").elements();
  expect(items.map((item) => item.textContent)).toEqual([
    "Differs Line 1merge_method: tiesTies are kept otherwise.",
    "Ignored Line 2tokenizer_source: unionNot about weights.",
  ]);
  await screen.getByRole("button", { name: "Use this recipe" }).click();
  expect(calls).toContainEqual(["applyConfiguration"]);
});

it("cannot use a configuration that has an error", async () => {
  openFixture();
  store.getState().patchExchange({
    openedConfig: {
      name: "sce.yaml",
      lines: ["merge_method: sce"],
      findings: [{ severity: "error", line: 1, path: "merge_method", message: "No counterpart." }],
      recipe: undefined,
    },
  });
  const screen = await render(<MergekitDialog />);
  await expect.element(screen.getByRole("button", { name: "Use this recipe" })).toBeDisabled();
});

it("tells where a merge comes from, and what came of deriving it again", async () => {
  const calls = openFixture();
  const { recipe, library, patchExchange } = store.getState();
  if (!recipe || !library) throw new Error("the fixture has both");
  const expert = library.experts[0]?.id ?? "";
  const ancestry = {
    recipe,
    output: recipe.base,
    base: { content: recipe.base, isHere: true },
    experts: [{ id: "digits", step: 20, content: recipe.base, file: "digits.safetensors" }],
    hasNames: true,
  };
  patchExchange({ openedMerge: { expert, step: 0, ancestry, rederived: undefined } });
  const screen = await render(<AncestryDialog />);
  await expect.element(screen.getByRole("row", { name: /digits\.safetensors 20 .* not open/ })).toBeVisible();
  await screen.getByRole("button", { name: "Derive again" }).click();
  expect(calls).toContainEqual(["rederive"]);
  patchExchange({
    openedMerge: {
      expert,
      step: 0,
      ancestry,
      rederived: { status: "differs", tensor: "norm.weight", index: 2, computed: 0.5, stored: 0.25 },
    },
  });
  await expect
    .element(
      screen.getByText("The first difference is in norm.weight, entry 2: computed 0.5, in the file 0.25."),
    )
    .toBeVisible();
});

it("shows a merge's parents under it, and which of them can be made first", async () => {
  openFixture();
  const { recipe, library, patchExchange } = store.getState();
  if (!recipe || !library) throw new Error("the fixture has both");
  const content = (digit: string) => `sha256:${digit.repeat(64)}`;
  const base = { content: recipe.base, isHere: true };
  const first = {
    recipe: setMethod(recipe, "linear"),
    output: content("1"),
    base,
    experts: [{ id: "kuzushiji", step: 20, content: content("2"), file: "kuzushiji.safetensors" }],
    hasNames: true,
  };
  const experts = [
    { id: "first", step: 0, content: content("1"), file: "first.safetensors", made: first },
    { id: "digits", step: 20, content: content("3"), file: "digits.safetensors" },
  ];
  const ancestry = { recipe, output: content("4"), base, experts, hasNames: true };
  const rederived = {
    status: "missing",
    experts: ["first"],
    isBaseMissing: false,
    canBeMade: ["first"],
  } as const;
  patchExchange({ openedMerge: { expert: library.experts[0]?.id ?? "", step: 0, ancestry, rederived } });
  const screen = await render(<AncestryDialog />);
  const names = screen.getByRole("rowheader").elements();
  expect(names.map((name) => name.textContent)).toEqual([
    "Base",
    "first.safetensorsmerged by Average from:",
    "kuzushiji.safetensors",
    "digits.safetensors",
  ]);
  const [, parent, grandparent] = names.map((name) =>
    Number.parseInt(getComputedStyle(name).paddingInlineStart, 10),
  );
  expect(grandparent).toBeGreaterThan(parent ?? 0);
  await expect.element(screen.getByText(/whose parents are all open: first/)).toBeVisible();
});

it("measures what other programs would compute, and stops when it is closed", async () => {
  const calls = openFixture();
  const { recipe, patchExchange, setRecipe } = store.getState();
  if (!recipe) throw new Error("the fixture has a recipe");
  setRecipe(
    setMethodParam(setSparsifierParam(setMethod(recipe, "ties"), 0, "scope", "model"), "average", "count"),
  );
  const screen = await render(<SemanticsDialog />);
  await expect
    .element(screen.getByRole("row", { name: /^mergekit ?Rank within: each tensor/ }))
    .toBeVisible();
  await screen.getByRole("button", { name: "Measure the readings" }).click();
  expect(calls).toContainEqual(["measureReadings"]);

  const { recipe: own, recipeKey, library } = store.getState();
  const [task] = library?.tasks ?? [];
  if (!own || !task) throw new Error("the fixture has both");
  const readings = readingsOf(own).map(({ recipe: _, ...reading }) => ({
    ...reading,
    mean: { value: 0.5, low: 0.4, high: 0.6, n: 100 },
    tasks: [{ task: task.id, n: 100, won: 2, lost: 32, p: 0.0001 }],
    moved: [{ name: "norm.weight", relative: 0.25 }],
  }));
  patchExchange({ lens: { recipeKey, isRunning: false, readings } });
  await expect
    .element(screen.getByRole("row", { name: /^mergekit.*50\.0.*−30\.0.*2 won, 32 lost/ }))
    .toBeVisible();
  await screen.getByRole("button", { name: "Measure again" }).click();
  await screen.getByRole("button", { name: "Close" }).click();
  expect(calls).toContainEqual(["stopReadings"]);
});
