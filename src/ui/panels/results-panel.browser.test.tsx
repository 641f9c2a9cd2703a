import "../theme.css";
import "../base.css";
import { beforeAll, beforeEach, expect, it, vi } from "vitest";
import { render } from "vitest-browser-react";
import { installCommands } from "#app/commands.ts";
import { store } from "#app/store.ts";
import { fixtureLibrary, fixtureRecipe } from "../testing/fixture.ts";
import { fixtureSummary } from "../testing/fixture-merge.ts";
import {
  fixtureComparison,
  fixtureFlips,
  fixtureProbes,
  fixtureReport,
  fixtureTrajectories,
} from "../testing/fixture-report.ts";
import { ResultsPanel } from "./ResultsPanel.tsx";
import { VerdictLine } from "./VerdictLine.tsx";

const empty = store.getInitialState();

// Loading the chart library is not what these tests time.
beforeAll(async () => {
  await Promise.all([import("../charts/DecileBars.tsx"), import("../charts/TrajectoryLines.tsx")]);
});

beforeEach(() => {
  localStorage.clear();
  store.setState(empty, true);
});

function fill(subset: "quick" | "full" = "full") {
  const library = fixtureLibrary();
  const { setLibrary, setRecipe, patchRuns, putReport } = store.getState();
  setLibrary(library, "ready");
  setRecipe(fixtureRecipe);
  const key = store.getState().recipeKey;
  patchRuns({
    summary: fixtureSummary(library.tensors, fixtureRecipe, key),
    trajectories: fixtureTrajectories(),
    stepProbes: { key: "another", points: fixtureProbes() },
  });
  putReport(fixtureReport({ key, subset }));
  return key;
}

/** Until React has drawn what the store says. */
const frame = () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));

const titles = (container: Element) =>
  [...container.querySelectorAll("h3")].map((title) => title.textContent);

it("shows every section once there are numbers, and says so before", async () => {
  const screen = await render(<ResultsPanel />);
  await expect.element(screen.getByText("Charts appear with the first numbers.")).toBeVisible();
  fill();
  await vi.waitFor(() =>
    expect(titles(screen.container)).toEqual([
      "Retention",
      "Hard versus easy",
      "Stop step",
      "What this edit won and lost",
      "Drop rate over depth",
      "Report on the test split",
      "What this zoo says",
    ]),
  );
  await vi.waitFor(() =>
    expect(screen.container.querySelectorAll(".recharts-surface").length).toBeGreaterThan(1),
  );
});

it("draws its slow charts without putting a style element into the page", async () => {
  fill();
  const before = new Set(document.querySelectorAll("style"));
  const screen = await render(<ResultsPanel />);
  await vi.waitFor(() => expect(screen.container.querySelector(".recharts-bar-rectangle")).not.toBeNull());
  const added = [...document.querySelectorAll("style")].filter((one) => !before.has(one));
  // Vite's own, for CSS modules that came with the lazy chunks, name their file.
  expect(added.filter((one) => !one.dataset.viteDevId)).toEqual([]);
});

it("names the charts of the library for screen readers", async () => {
  fill();
  const screen = await render(<ResultsPanel />);
  await vi.waitFor(() =>
    expect(
      [...screen.container.querySelectorAll(".recharts-surface > title")].map((title) => title.textContent),
    ).toEqual(["Retention by difficulty, all tasks", "Accuracy by training step, all tasks"]),
  );
});

it("leaves the slow bars at the settled numbers while a slider is held", async () => {
  fill();
  const screen = await render(<ResultsPanel />);
  await vi.waitFor(() =>
    expect(screen.container.querySelectorAll(".recharts-bar-rectangle")).toHaveLength(10),
  );
  store.getState().beginGesture();
  store.getState().edit((recipe) => ({ ...recipe, lambda: 0.7 }));
  store
    .getState()
    .putReport(fixtureReport({ key: store.getState().recipeKey, subset: "quick", shift: -0.3 }));
  await expect.element(screen.getByText(/Bars of the last settled recipe/)).toBeVisible();
  expect(screen.container.querySelectorAll(".recharts-bar-rectangle")).toHaveLength(10);
  store.getState().endGesture();
});

it("puts a chosen task's numbers into the charts that have a choice", async () => {
  fill();
  const screen = await render(<ResultsPanel />);
  const [choice] = screen.getByRole("radiogroup", { name: "Tasks shown" }).elements();
  choice?.querySelectorAll("input")[2]?.click();
  await vi.waitFor(() =>
    expect(screen.container.querySelector(".recharts-surface > title")?.textContent).toBe(
      "Retention by difficulty, clothes",
    ),
  );
});

it("edits what counts as hard", async () => {
  fill();
  const screen = await render(<ResultsPanel />);
  await screen.getByText("learned late", { exact: true }).click();
  expect(store.getState().hard).toEqual({ kind: "late", fraction: 0.1, lateStep: 640 });
});

it("says in words that there is nothing to compare, then shows what was won and lost", async () => {
  const key = fill();
  const screen = await render(<ResultsPanel />);
  await expect.element(screen.getByText(/Change the recipe, or pin one/)).toBeVisible();
  store.getState().patchRuns({
    comparison: { key, other: "before", tasks: fixtureComparison() },
    flips: { key, other: "before", list: fixtureFlips(2) },
  });
  await expect.element(screen.getByText("against the recipe before the edit")).toBeVisible();
  await expect.element(screen.getByText("the 2 hardest of 124")).toBeVisible();
  const [canvas] = screen.container.querySelectorAll("canvas");
  expect(canvas?.getBoundingClientRect().width).toBe(56);
  const middle = canvas?.getContext("2d")?.getImageData(13, 9, 1, 1).data;
  expect(middle?.[0]).toBeGreaterThan(100);
  expect(middle?.[3]).toBe(255);
});

it("measures on the test split only when asked to", async () => {
  fill();
  const reportOnTest = vi.fn();
  const nothing = () => {};
  installCommands({
    openFiles: nothing,
    openFamily: nothing,
    openOwn: nothing,
    openRepaired: nothing,
    repairAnew: nothing,
    reviewTasks: nothing,
    addTasks: nothing,
    forgetExpert: nothing,
    saveModel: nothing,
    saveRecipe: nothing,
    openRecipeText: nothing,
    copyLink: nothing,
    cancel: nothing,
    reportOnTest,
    work: nothing,
    storage: nothing,
    pass: nothing,
    exchange: nothing,
  });
  const screen = await render(<ResultsPanel />);
  await screen.getByRole("button", { name: "Report on the test split" }).click();
  expect(reportOnTest).not.toHaveBeenCalled();
  await screen.getByRole("button", { name: "Measure on test" }).click();
  expect(reportOnTest).toHaveBeenCalledOnce();
});

it("reads the verdict aloud once it rests, never while a slider is held", async () => {
  const key = fill();
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  try {
    const screen = await render(<VerdictLine />);
    const rest = async (ms: number) => {
      await frame();
      vi.advanceTimersByTime(ms);
      await frame();
    };
    const aloud = () => screen.container.querySelector("[aria-live]")?.textContent;
    store.getState().beginGesture();
    store.getState().putReport(fixtureReport({ key, shift: -0.1 }));
    await rest(5000);
    expect(aloud()).toBe("");
    store.getState().endGesture();
    await rest(500);
    expect(aloud()).toBe("");
    await rest(1000);
    expect(aloud()).toContain("Keeps 80.9");
  } finally {
    vi.useRealTimers();
  }
});

it("marks the verdict's numbers as tentative while they are another recipe's", async () => {
  fill();
  const screen = await render(<VerdictLine />);
  expect(screen.container.textContent).not.toContain("~");
  store.getState().edit((recipe) => ({ ...recipe, lambda: 0.9 }));
  await vi.waitFor(() => expect(screen.container.textContent).toContain("~91.4"));
});
