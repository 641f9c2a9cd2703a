import { beforeEach, expect, test } from "vitest";
import { userEvent } from "vitest/browser";
import { render } from "vitest-browser-react";
import "../theme.css";
import "../base.css";
import { costKey } from "#app/slices/work.ts";
import { store } from "#app/store.ts";
import {
  fixtureEvidence,
  fixtureSavedRun,
  fixtureTrained,
  fixtureWork,
  trainRequest,
} from "../testing/fixture-work.ts";
import { type Call, openFixture } from "../testing/open-fixture.ts";
import { WorkbenchPanel } from "./WorkbenchPanel.tsx";

let calls: readonly Call[];

beforeEach(() => {
  const { drafts, form } = store.getInitialState();
  store.setState({ work: [], evidence: [], savedRuns: [], costs: [], families: [], drafts, form });
  calls = openFixture();
});

const open = () =>
  render(
    <div style={{ inlineSize: 760, containerType: "inline-size" }}>
      <WorkbenchPanel />
    </div>,
  );
const called = (name: Call[0]) => calls.filter(([known]) => known === name).map(([, ...given]) => given);
const base = () => store.getState().library?.base.id ?? "";

test("starts a training with what the form says", async () => {
  const screen = await open();
  await userEvent.click(screen.getByRole("combobox", { name: "Task" }));
  await userEvent.click(screen.getByRole("option", { name: "clothes" }));
  await userEvent.fill(screen.getByRole("textbox", { name: "Steps" }), "500");
  await userEvent.fill(screen.getByRole("textbox", { name: "Name" }), "Tailor");
  await userEvent.click(screen.getByRole("button", { name: "Start training" }));
  expect(called("start")).toMatchObject([
    [{ kind: "train", task: "clothes", from: "base", label: "Tailor", spec: { steps: 500, mode: "full" } }],
  ]);
  await expect.element(screen.getByText("Tailor: started.")).toBeInTheDocument();
});

test("asks once what the work takes, and says it in a sentence", async () => {
  const screen = await open();
  await expect.poll(() => called("askCost")).toHaveLength(1);
  const [[request]] = called("askCost") as [[ReturnType<typeof trainRequest>]];
  const cost = {
    examples: 1640,
    passes: 18_000,
    gradientPasses: 40_960,
    rows: 128,
    bytes: 4e6,
    seconds: 130,
    heapBytes: 36e6,
  };
  store.getState().putCost({ key: costKey(request), cost, failure: undefined });
  await expect
    .element(screen.getByText(/About 2 min 10 s on this machine: 40,960 examples forward and back/))
    .toBeVisible();
  await userEvent.fill(screen.getByRole("textbox", { name: "Name" }), "Another name");
  await expect.element(screen.getByText(/About 2 min 10 s/)).toBeVisible();
});

test("says why a model cannot be trained, and does not start it", async () => {
  const screen = await open();
  await expect.poll(() => called("askCost")).toHaveLength(1);
  const [[request]] = called("askCost") as [[ReturnType<typeof trainRequest>]];
  const failure = { code: "autodiff/unsupported", message: "Node “lstm” is an LSTM." };
  store.getState().putCost({ key: costKey(request), cost: undefined, failure });
  await expect.element(screen.getByRole("alert")).toHaveTextContent("Node “lstm” is an LSTM.");
  await expect.element(screen.getByRole("button", { name: "Start training" })).toBeDisabled();
});

test("leads from a training without a mask to its measurement, and back with the mask", async () => {
  const { draft, drafts } = store.getState();
  draft("train", { params: { ...drafts.train.params, mode: "sparse" } });
  const screen = await open();
  await expect.element(screen.getByRole("button", { name: "Start training" })).toBeDisabled();
  await userEvent.click(screen.getByRole("button", { name: "Measure sensitivity" }));
  await expect.element(screen.getByText(/TaLoS is a way of fine-tuning/)).toBeVisible();

  const mask = fixtureEvidence("mask", "clothes", base(), 2);
  store.getState().putEvidence([mask]);
  await userEvent.click(screen.getByRole("button", { name: "Train under it" }));
  await userEvent.click(screen.getByRole("button", { name: "Start training" }));
  expect(called("start")).toMatchObject([[{ task: "clothes", mask: mask.id, spec: { mode: "sparse" } }]]);
});

test("measures all experts that take part, or one", async () => {
  const screen = await open();
  await userEvent.click(screen.getByText("Measure", { exact: true }).first());
  await userEvent.click(screen.getByRole("button", { name: "Measure", exact: true }));
  expect(called("start").map(([request]) => request)).toMatchObject(
    ["digits", "clothes", "capitals", "hiragana"].map((expert) => ({ kind: "fisher", expert, step: 320 })),
  );
  await userEvent.click(screen.getByRole("combobox", { name: "Expert" }));
  await userEvent.click(screen.getByRole("option", { name: "digits@320" }));
  await userEvent.click(screen.getByRole("button", { name: "Measure", exact: true }));
  expect(called("start")).toHaveLength(5);
});

test("shows a running job with its pace and curves, and pauses and cancels it", async () => {
  const library = store.getState().library;
  if (!library) throw new Error("no library");
  const { work, evidence } = fixtureWork(library);
  store.setState({ work, evidence });
  const screen = await open();
  const running = work.find(({ state }) => state === "running")?.id;
  await expect.element(screen.getByText("step 200 of 320 · about 16 s left")).toBeVisible();
  await expect
    .element(screen.getByRole("img", { name: /^Validation accuracy: 95.* at step 200/ }))
    .toBeVisible();
  await userEvent.click(screen.getByRole("button", { name: "Pause: Train Capitals 2" }));
  await userEvent.click(screen.getByRole("button", { name: "Cancel: Train Capitals 2" }));
  await userEvent.click(screen.getByRole("button", { name: "Resume" }));
  expect(called("pause")).toEqual([[running]]);
  expect(called("cancel")).toEqual([[running]]);
  expect(called("resume")).toEqual([["run-1"]]);
  await expect.element(screen.getByText(/The loss is not finite at step 12/)).toBeVisible();
});

test("takes what came of jobs into the merge", async () => {
  const library = store.getState().library;
  if (!library) throw new Error("no library");
  const { work, evidence } = fixtureWork(library);
  store.setState({ work, evidence });
  store.getState().putExpert(fixtureTrained);
  const screen = await open();

  await userEvent.click(screen.getByRole("button", { name: "Take into the merge" }));
  expect(store.getState().recipe?.experts.at(-1)).toMatchObject({ id: "digits-2", enabled: true });

  const region = screen.getByRole("listitem").filter({ hasText: "Mask of digits@640" }).last();
  await userEvent.click(region.getByRole("button", { name: "Use in recipe" }));
  expect(store.getState().recipe?.sparsifiers.at(-1)).toMatchObject({
    id: "localize",
    params: { masks: "trained" },
  });
  await expect.element(region.getByText("in the recipe")).toBeVisible();
  await userEvent.click(region.getByRole("button", { name: "Save Mask of digits@640 as a file" }));
  expect(called("saveEvidence")).toEqual([[evidence[0]?.id]]);

  await userEvent.click(screen.getByRole("button", { name: "Write into the recipe" }));
  expect(called("applyCoefficients")).toHaveLength(1);
});

test("lists measurements of files, and what an earlier visit left unfinished", async () => {
  const elsewhere = `sha256:${"5".repeat(64)}`;
  store.setState({
    evidence: [fixtureEvidence("fisher", "hiragana", base(), 4, 2560)],
    families: [{ id: "text", name: "Text zoo", base: elsewhere }],
    savedRuns: [
      fixtureSavedRun(base()),
      fixtureSavedRun(elsewhere, { id: "run-2", request: trainRequest("verbs", "Verbs") }),
      fixtureSavedRun(base(), { id: "run-3", request: trainRequest("strokes", "Strokes") }),
    ],
  });
  const screen = await open();
  await expect.element(screen.getByText("Fisher information of hiragana@2560")).toBeVisible();
  // Only the run whose base and task are open can go on.
  await userEvent.click(screen.getByRole("button", { name: "Resume" }));
  await expect.element(screen.getByText(/It learns the task “strokes”, which is not open/)).toBeVisible();
  await userEvent.click(screen.getByRole("button", { name: "Open Text zoo" }));
  await userEvent.click(screen.getByRole("button", { name: "Delete the unfinished training Verbs" }));
  expect(called("resume")).toEqual([["run-1"]]);
  expect(called("openFamily")).toEqual([["text", undefined]]);
  expect(called("forget")).toEqual([["run-2"]]);
});

test("keeps a form as it was left", async () => {
  const screen = await open();
  await userEvent.fill(screen.getByRole("textbox", { name: "Name" }), "Kept");
  await userEvent.click(screen.getByText("Find a region", { exact: true }));
  await userEvent.click(screen.getByText("Train an expert", { exact: true }));
  await expect.element(screen.getByRole("textbox", { name: "Name" })).toHaveValue("Kept");
});
