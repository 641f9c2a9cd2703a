import { beforeEach, expect, test } from "vitest";
import { userEvent } from "vitest/browser";
import { render } from "vitest-browser-react";
import "../theme.css";
import "../base.css";
import { missingEvidence } from "#app/flow/requests.ts";
import { store } from "#app/store.ts";
import { setMethod } from "#core/recipe/edit.ts";
import { fixtureEvidence, fixtureJob } from "../testing/fixture-work.ts";
import { type Call, openFixture } from "../testing/open-fixture.ts";
import { EvidenceNeeds } from "./EvidenceNeeds.tsx";

let calls: readonly Call[];

beforeEach(() => {
  store.setState({ work: [], evidence: [], costs: [] });
  calls = openFixture();
});

function requests() {
  const { recipe, library, evidence } = store.getState();
  if (!recipe || !library) throw new Error("nothing is open");
  return missingEvidence(recipe, library, evidence).flatMap(({ request }) => request ?? []);
}

test("says nothing while the recipe lacks nothing", async () => {
  const screen = await render(<EvidenceNeeds />);
  expect(screen.container.textContent).toBe("");
});

test("says what a method needs, of how many experts, and measures it", async () => {
  store.getState().edit((recipe) => setMethod(recipe, "fisher"));
  const screen = await render(<EvidenceNeeds />);
  await expect.element(screen.getByText("This merge needs Fisher information of 4 experts.")).toBeVisible();
  await userEvent.click(screen.getByRole("button", { name: "Measure now" }));
  expect(calls.filter(([name]) => name === "measureMissing")).toHaveLength(1);
});

test("follows the measurement, and can stop it", async () => {
  store.getState().edit((recipe) => setMethod(recipe, "fisher"));
  const [first, second] = requests();
  if (!first || !second) throw new Error("nothing is missing");
  const running = fixtureJob(first, "digits", {
    state: "running",
    progress: { done: 1, total: 2, at: 1 },
  });
  store.setState({ work: [running, fixtureJob(second, "clothes")] });
  const screen = await render(<EvidenceNeeds />);
  await expect.element(screen.getByText("Fisher information: 0 of 4 done")).toBeVisible();
  await userEvent.click(screen.getByRole("button", { name: "Stop" }));
  expect(calls.filter(([name]) => name === "cancel")).toHaveLength(2);
});

test("offers what has been measured already, and tells of a failure", async () => {
  store.getState().edit((recipe) => setMethod(recipe, "fisher"));
  const base = store.getState().recipe?.base ?? "";
  const [first] = requests();
  if (!first) throw new Error("nothing is missing");
  store.setState({
    work: [
      fixtureJob(first, "digits", { state: "failed", failure: { code: "eval/memory", message: "No room." } }),
    ],
  });
  const screen = await render(<EvidenceNeeds />);
  await expect.element(screen.getByText(/The last attempt failed: No room\./)).toBeVisible();

  const experts = ["digits", "clothes", "capitals", "hiragana"];
  const kept = experts.map((expert, i) => fixtureEvidence("fisher", expert, base, i, 320));
  store.getState().putEvidence(kept);
  await expect.element(screen.getByText(/which have been measured already/)).toBeVisible();
  await expect.element(screen.getByRole("button", { name: "Use them" })).toBeVisible();
});
