import { beforeEach, expect, test } from "vitest";
import { userEvent } from "vitest/browser";
import { render } from "vitest-browser-react";
import "../theme.css";
import "../base.css";
import { store } from "#app/store.ts";
import type { TensorSummary } from "#core/summary.ts";
import { openFixture } from "../testing/open-fixture.ts";
import { KeptEnergy } from "./KeptEnergy.tsx";

beforeEach(() => {
  localStorage.clear();
  openFixture();
});

/** Gives the first tensors of the merge on screen these notes. */
function tell(notes: readonly NonNullable<TensorSummary["note"]>[]): readonly string[] {
  const { summary } = store.getState();
  if (!summary) throw new Error("the fixture has no merge");
  const tensors = summary.tensors.map((tensor, i) => (notes[i] ? { ...tensor, note: notes[i] } : tensor));
  store.setState({ summary: { ...summary, tensors } });
  return tensors.map(({ name }) => name);
}

test("says nothing of methods that tell nothing", async () => {
  const screen = await render(<KeptEnergy />);
  expect(screen.container.textContent).toBe("");
});

test("tells the median and the least, and every matrix in a table with its cross terms", async () => {
  const names = tell([
    { rank: 8, energy: 0.9 },
    { rank: 8, energy: 0.5, cross: 0.25 },
    { rank: 4, energy: 0.75 },
  ]);
  const screen = await render(<KeptEnergy />);
  const sentence = `Over 3 matrices the chosen rank keeps 75.0 % of the updates' energy in the median, least in ${names[1]}: 50.0 %.`;
  await expect.poll(() => screen.container.textContent?.replaceAll(/\s/g, " ")).toContain(sentence);
  await userEvent.click(screen.getByRole("button", { name: /Energy kept/ }).last());
  await userEvent.click(screen.getByRole("menuitem", { name: /table/i }));
  await expect.element(screen.getByRole("columnheader", { name: "cross terms ÷ update" })).toBeVisible();
  await expect.element(screen.getByRole("cell", { name: "0.25" })).toBeVisible();
});

test("says so where all of it is kept", async () => {
  tell([{ rank: 3, energy: 1 }]);
  const screen = await render(<KeptEnergy />);
  await expect
    .element(screen.getByText("All of the updates' energy is kept", { exact: false }))
    .toBeVisible();
});
