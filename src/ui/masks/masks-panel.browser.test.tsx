import "../theme.css";
import "../base.css";
import { beforeEach, expect, it, vi } from "vitest";
import { render } from "vitest-browser-react";
import { store } from "#app/store.ts";
import { setExpertEnabled } from "#core/recipe/edit.ts";
import { fillMasks } from "../testing/fixture-masks.ts";
import { type Call, openFixture } from "../testing/open-fixture.ts";
import { MasksPanel } from "./MasksPanel.tsx";

const empty = store.getInitialState();

function open(state?: "counted" | "running" | "done"): readonly Call[] {
  const calls = openFixture();
  if (state) fillMasks(state);
  return calls;
}

beforeEach(() => {
  localStorage.clear();
  store.setState(empty, true);
});

it("has regions counted only while it is on the page", async () => {
  open();
  const screen = await render(<MasksPanel />);
  await expect.element(screen.getByText(/counted when the recipe comes to rest/)).toBeVisible();
  expect(store.getState().areMasksWanted).toBe(true);
  await screen.unmount();
  expect(store.getState().areMasksWanted).toBe(false);
});

it("shows density, overlap and likeness of every region, each with a table", async () => {
  open("counted");
  const screen = await render(<MasksPanel />);
  await expect.element(screen.getByRole("row", { name: /digits/ }).first()).toHaveTextContent("5.89");
  const titles = [...screen.container.querySelectorAll("h3")].map((title) => title.textContent);
  expect(titles).toEqual([
    "Regions",
    "Where regions lie",
    "Overlap",
    "Jaccard matrix",
    "Grafted accuracy",
    "Gain against density",
  ]);
  await expect.element(screen.getByText(/random regions of these sizes would share/)).toBeVisible();
  await screen.getByRole("button", { name: "Menu of the chart “Jaccard matrix”" }).click();
  await screen.getByRole("menuitem", { name: "Show as table" }).click();
  await vi.waitFor(() => expect(screen.container.querySelectorAll("figure table tbody tr")).toHaveLength(6));
});

it("measures, saves and stops through commands", async () => {
  const calls = open("counted");
  const screen = await render(<MasksPanel />);
  await screen.getByRole("button", { name: "Measure 16 models" }).click();
  await screen.getByRole("button", { name: "Measure the curve" }).click();
  await screen.getByRole("button", { name: "Save the region of clothes" }).click();
  expect(calls).toEqual([["measureRegions"], ["measureGain", "digits"], ["saveRegion", "clothes"]]);
  fillMasks("running");
  await expect.element(screen.getByRole("progressbar", { name: "Grafted accuracy" })).toBeVisible();
  await screen.getByRole("button", { name: "Stop measuring" }).click();
  expect(calls.at(-1)).toEqual(["stopRegions"]);
});

it("draws quick numbers hollow, and whole ones filled", async () => {
  open("running");
  const screen = await render(<MasksPanel />);
  const hollow = () => screen.container.querySelectorAll('[data-mark="merged"][data-hollow="true"]').length;
  await vi.waitFor(() => expect(hollow()).toBe(3));
  fillMasks("done");
  await vi.waitFor(() => expect(hollow()).toBe(0));
  await expect.element(screen.getByText(/Alone, the region of hiragana brings back/)).toBeVisible();
});

it("keeps what is known of the others when an expert leaves", async () => {
  open("done");
  const screen = await render(<MasksPanel />);
  await expect
    .element(screen.getByText("All regions are measured on the whole of validation."))
    .toBeVisible();
  store.getState().edit((recipe) => setExpertEnabled(recipe, "clothes", false));
  await expect.element(screen.getByText("Counts of the recipe before the last edit.")).toBeVisible();
  fillMasks("counted");
  await vi.waitFor(() =>
    expect(screen.container.querySelectorAll('[data-mark="expert"]').length).toBeGreaterThan(3),
  );
  await expect
    .element(screen.getByText("Counts of the recipe before the last edit."))
    .not.toBeInTheDocument();
  // Densities of the remaining three are the same, so are their keys.
  await expect
    .element(screen.getByText("All regions are measured on the whole of validation."))
    .toBeVisible();
});

it("says what is missing, and offers to measure it", async () => {
  const calls = open();
  const failure = { code: "recipe/missing-evidence", message: "no mask" };
  store.getState().patchMasks({ masks: { key: "k", summary: undefined, failure } });
  const screen = await render(<MasksPanel />);
  await screen.getByRole("button", { name: "Measure what is missing" }).click();
  expect(calls).toEqual([["measureMissing"]]);
});
