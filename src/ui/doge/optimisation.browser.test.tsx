import { beforeEach, expect, test } from "vitest";
import { userEvent } from "vitest/browser";
import { render } from "vitest-browser-react";
import "../theme.css";
import "../base.css";
import { store } from "#app/store.ts";
import { fixturePass, showPass } from "../testing/fixture-pass.ts";
import { type Call, openFixture } from "../testing/open-fixture.ts";
import { OptimisationBar } from "./OptimisationBar.tsx";
import { OptimisationBlock } from "./OptimisationBlock.tsx";

function Both() {
  return (
    <>
      <OptimisationBar />
      <OptimisationBlock />
    </>
  );
}

let calls: readonly Call[];

beforeEach(() => {
  localStorage.clear();
  calls = openFixture();
});

const names = () => calls.map(([name]) => name);

test("says nothing while the recipe's method optimises nothing", async () => {
  store.setState({ passes: [], passKey: "" });
  const screen = await render(<Both />);
  expect(screen.container.textContent).toBe("");
});

test("tells how far it is, what it costs, and that the numbers are older", async () => {
  showPass(
    fixturePass({
      progress: { done: 120, total: 400, at: 3000 },
      firstProgress: { done: 20, total: 400, at: 2000 },
    }),
  );
  const screen = await render(<Both />);
  const bar = screen.getByRole("progressbar", { name: "Optimisation" });
  await expect.element(bar).toHaveAttribute("aria-valuetext", "Step 120 of 400 · about 3 s left");
  await expect.element(screen.getByText(/Holds 41\.2\sMB\./)).toBeVisible();
  await expect.element(screen.getByText(/are of the recipe before until this is done/)).toBeVisible();
  await expect
    .element(screen.getByText("The loss fell from 5.1 to 3.38, by 33.8 %, up to step 120.", { exact: false }))
    .toBeVisible();
});

test("pauses, keeps what there is, and is cancelled", async () => {
  showPass(fixturePass());
  const screen = await render(<Both />);
  await userEvent.click(screen.getByRole("button", { name: "Pause" }));
  await userEvent.click(screen.getByRole("button", { name: "Stop here" }));
  await userEvent.click(screen.getByRole("button", { name: "Cancel the optimisation" }));
  expect(names()).toEqual(["pause", "keep", "cancel"]);
  showPass(fixturePass({ state: "paused" }));
  await userEvent.click(screen.getByRole("button", { name: "Resume" }));
  expect(names().at(-1)).toBe("resume");
});

test("tells of a failure, and offers to try again or without the worker", async () => {
  showPass(
    fixturePass({ state: "failed", failure: { code: "worker/crashed", message: "It stopped." }, step: 0 }),
  );
  const screen = await render(<Both />);
  await expect.element(screen.getByRole("alert")).toHaveTextContent("stopped");
  await userEvent.click(screen.getByRole("button", { name: "Try again" }));
  await userEvent.click(screen.getByRole("button", { name: "Optimise while merging" }));
  expect(names()).toEqual(["again", "inside"]);
});

test("shows what the shared subspace holds, layer by layer, and which layers have none", async () => {
  showPass(fixturePass({ state: "done", step: 400 }));
  const screen = await render(<Both />);
  await expect.element(screen.getByText(/Optimised in 400 steps · loss −39\.2\s%/)).toBeVisible();
  await expect
    .element(screen.getByText("Too small to share a direction, so nothing is constrained: head.weight."))
    .toBeVisible();
  const menus = screen.getByRole("button", { name: /Shared subspace/ });
  expect(menus.elements().length).toBeGreaterThan(0);
  expect(screen.container.querySelectorAll("svg[data-chart] rect").length).toBe(8 * 4);
});

test("tells how long the modification came out, and how far inside", async () => {
  const pass = fixturePass({ state: "done", step: 400 });
  const made = (pass.layers ?? []).map(({ name }, l) => ({ name, length: l < 2 ? 3 + l : 0, inside: 0.05 }));
  showPass({ ...pass, made });
  const screen = await render(<Both />);
  await expect
    .poll(() => screen.container.textContent)
    .toMatch(/came out 5(\.0+)? long over all layers; 5\.00\s% of its/);
});
