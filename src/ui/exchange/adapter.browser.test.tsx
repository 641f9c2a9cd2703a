import { expect, it } from "vitest";
import { render } from "vitest-browser-react";
import { store } from "#app/store.ts";
import { setMethod } from "#core/recipe/edit.ts";
import { openFixture } from "../testing/open-fixture.ts";
import { AdapterPart } from "./AdapterPart.tsx";

it("tells what a rank keeps once it was measured, and saves the adapter at that rank", async () => {
  const calls = openFixture();
  const screen = await render(<AdapterPart />);
  await screen.getByRole("button", { name: "Measure what ranks keep" }).click();
  expect(calls).toContainEqual(["measureAdapter"]);
  const { recipeKey, patchExchange } = store.getState();
  patchExchange({ adapter: { recipeKey, reach: { kept: [0.5, 0.925, 1], left: 2 } } });
  const rank = screen.getByLabelText("Highest rank");
  await rank.fill("2");
  await screen.getByRole("button", { name: "Save adapter" }).click();
  expect(calls).toContainEqual(["saveAdapter", 2]);
  await expect.element(screen.getByText(/Rank 2 keeps 92\.5.%.*2 changed tensors/)).toBeVisible();
  await rank.fill("9");
  await screen.getByRole("button", { name: "Save adapter" }).click();
  await expect.element(screen.getByText(/Rank 3 keeps everything/)).toBeVisible();
});

it("is not offered for a recipe that gives several models", async () => {
  openFixture();
  store.getState().edit((recipe) => setMethod(recipe, "emr"));
  const screen = await render(<AdapterPart />);
  expect(screen.container.textContent).toBe("");
});
