import "../theme.css";
import "../base.css";
import { beforeEach, expect, it, vi } from "vitest";
import { userEvent } from "vitest/browser";
import { render } from "vitest-browser-react";
import { store } from "#app/store.ts";
import { setExpertEnabled, setExpertStep } from "#core/recipe/edit.ts";
import {
  fixtureAddition,
  fixtureArithmetic,
  fixtureMap,
  fixtureNegation,
} from "../testing/fixture-arithmetic.ts";
import { openFixture } from "../testing/open-fixture.ts";
import { ArithmeticPanel } from "./ArithmeticPanel.tsx";

const empty = store.getInitialState();

beforeEach(() => {
  localStorage.clear();
  store.setState(empty, true);
});

it("asks for a second expert before anything can be measured", async () => {
  openFixture();
  for (const id of ["clothes", "capitals", "hiragana"])
    store.getState().edit((recipe) => setExpertEnabled(recipe, id, false));
  const screen = await render(<ArithmeticPanel />);
  await expect.element(screen.getByText(/Switch on 2 experts/)).toBeVisible();
});

it("starts every measurement with what is chosen", async () => {
  const calls = openFixture();
  const screen = await render(<ArithmeticPanel />);
  await screen.getByRole("button", { name: "Measure 21 values of α" }).first().click();
  await screen.getByRole("button", { name: "Measure 21 values of α" }).nth(1).click();
  await screen.getByText("7 × 7", { exact: true }).click();
  await screen.getByRole("button", { name: "Measure the map" }).click();
  expect(calls).toEqual([
    ["measureAddition"],
    ["measureNegation", "digits"],
    ["measureDisentanglement", "digits", "clothes", 7],
  ]);
});

it("takes the chosen α into the recipe in one step that can be undone", async () => {
  openFixture();
  store.getState().patchArithmetic(fixtureArithmetic());
  const screen = await render(<ArithmeticPanel />);
  await screen.getByRole("button", { name: "Use α = 0.60 in the recipe" }).click();
  const negated = store.getState().recipe;
  expect(negated).toMatchObject({ lambda: 0.6, method: { id: "task-arithmetic" }, sparsifiers: [] });
  expect(negated?.experts.map(({ enabled, weight }) => enabled && weight)).toEqual([-1, false, false, false]);
  store.getState().undo();
  expect(store.getState().recipe?.lambda).toBe(0.4);
  await screen.getByRole("button", { name: "Use α = 0.30 in the recipe" }).click();
  expect(store.getState().recipe?.lambda).toBe(0.3);
});

it("shows the test score only on request", async () => {
  openFixture();
  store.getState().patchArithmetic({ addition: fixtureAddition() });
  const screen = await render(<ArithmeticPanel />);
  await expect.element(screen.getByText(/Best at α = 0.30/)).toBeVisible();
  expect(screen.container.querySelector("table")).toBeNull();
  await screen.getByRole("button", { name: "Show the test score" }).click();
  await expect.element(screen.getByRole("row", { name: /mean of all tasks/ })).toHaveTextContent(/8,000/);
});

it("says when adding does not help, and when two sets are not told apart", async () => {
  openFixture();
  store.getState().patchArithmetic({ addition: fixtureAddition({ best: 0 }) });
  const screen = await render(<ArithmeticPanel />);
  await expect.element(screen.getByText(/Adding does not help here/)).toBeVisible();
  const otherAddition = fixtureAddition({ best: 0.4, top: 0.931, experts: ["x", "y"] });
  store.getState().patchArithmetic({ addition: fixtureAddition(), otherAddition });
  await expect.element(screen.getByText(/the difference is not resolved/)).toBeVisible();
});

it("tells that a measurement belongs to other stop steps", async () => {
  openFixture();
  store.getState().patchArithmetic({ negation: fixtureNegation() });
  const screen = await render(<ArithmeticPanel />);
  store.getState().edit((recipe) => setExpertStep(recipe, "digits", 20));
  await expect.element(screen.getByText(/Measured with other experts or stop steps/)).toBeVisible();
});

it("draws quick points hollow while the rest is on its way, and stops", async () => {
  const calls = openFixture();
  store.getState().patchArithmetic({ negation: fixtureNegation("running") });
  const screen = await render(<ArithmeticPanel />);
  await expect.element(screen.getByText(/Hollow marks/)).toBeVisible();
  await screen.getByRole("button", { name: "Stop measuring" }).click();
  expect(calls).toEqual([["stopMeasuring"]]);
});

it("walks the map by keys, reads it out, and uses a place", async () => {
  openFixture();
  store.getState().patchArithmetic({ disentanglement: fixtureMap(7, 30) });
  const screen = await render(<ArithmeticPanel />);
  const cell = screen.getByRole("button", { name: /Map of digits and clothes/ });
  await vi.waitFor(() => expect(cell.element().getAttribute("aria-label")).toContain("α₁ = 1, α₂ = 1"));
  cell.element().closest("button")?.focus();
  await userEvent.keyboard("{ArrowLeft}{ArrowDown}{ArrowDown}");
  await expect.element(screen.getByText(/^α₁ = 0.75, α₂ = 0.5: not measured yet/)).toBeVisible();
  await userEvent.keyboard("{Home}{ArrowUp}{ArrowUp}{ArrowUp}{ArrowUp}");
  await expect.element(screen.getByText(/^α₁ = −1, α₂ = 1.5: ξ = 0\.\d\d \(/)).toBeVisible();
  await screen.getByRole("button", { name: "Use in the recipe" }).click();
  const weights = store.getState().recipe?.experts.map(({ enabled, weight }) => enabled && weight);
  expect(weights).toEqual([-1, 1.5, false, false]);
});
