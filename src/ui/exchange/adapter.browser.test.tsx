import { expect, it } from "vitest";
import { render } from "vitest-browser-react";
import { store } from "#app/store.ts";
import { setMethod } from "#core/recipe/edit.ts";
import { openFixture } from "../testing/open-fixture.ts";
import { AdapterPart } from "./AdapterPart.tsx";

it("measures the ranks when it is opened, tells what one keeps, and saves the adapter at that rank", async () => {
  const calls = openFixture();
  const screen = await render(<AdapterPart />);
  expect(calls).toEqual([]);
  await screen.getByText("LoRA adapter").click();
  await expect.poll(() => calls).toContainEqual(["measureAdapter"]);
  const { recipeKey, patchExchange } = store.getState();
  patchExchange({ adapter: { recipeKey, reach: { kept: [0.5, 0.925, 1], left: 2 } } });
  await screen.getByRole("button", { name: "90.0 % at rank 2" }).click();
  await expect.element(screen.getByText(/Rank 2 keeps 92\.5.%.*2 changed tensors/)).toBeVisible();
  await screen.getByRole("button", { name: "Save adapter" }).click();
  expect(calls).toContainEqual(["saveAdapter", 2]);
  await screen.getByRole("slider", { name: "Highest rank" }).fill("3");
  await expect.element(screen.getByText(/Rank 3 keeps everything.*100/)).toBeVisible();
});

it("says so where the merge changes no matrix", async () => {
  openFixture();
  const { recipeKey, patchExchange } = store.getState();
  patchExchange({ adapter: { recipeKey, reach: { kept: [], left: 0 } } });
  const screen = await render(<AdapterPart />);
  await screen.getByText("LoRA adapter").click();
  await expect.element(screen.getByText("The merge changes no matrix of the base.")).toBeVisible();
});

it("is not offered for a recipe that gives several models", async () => {
  openFixture();
  store.getState().edit((recipe) => setMethod(recipe, "emr"));
  const screen = await render(<AdapterPart />);
  expect(screen.container.textContent).toBe("");
});
