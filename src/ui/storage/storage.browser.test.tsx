import { beforeEach, expect, test } from "vitest";
import { userEvent } from "vitest/browser";
import { render } from "vitest-browser-react";
import "../theme.css";
import "../base.css";
import { type AppState, store } from "#app/store.ts";
import { fixtureEvidence, fixtureSavedRun, fixtureTrained } from "../testing/fixture-work.ts";
import { type Call, openFixture } from "../testing/open-fixture.ts";
import { StorageDialog } from "./StorageDialog.tsx";
import { StoredLine } from "./StoredLine.tsx";
import { isEvidenceStored, isExpertStored } from "./use-stored.ts";

type Thing = NonNullable<AppState["kept"]["things"]>[number];

let calls: readonly Call[];
const called = (name: Call[0]) => calls.filter(([known]) => known === name).map(([, ...given]) => given);
const savedAt = Date.UTC(2026, 4, 3, 9, 41);
const elsewhere = `sha256:${"e".repeat(64)}`;

/** An expert and a measurement of the open base, an expert of another, and a file that is none of ours. */
function things(): readonly Thing[] {
  const base = store.getState().library?.base.id ?? "";
  const { id, label } = fixtureTrained;
  const { id: evidence, about } = fixtureEvidence("fisher", "digits", base, 4, 640);
  const stored = { savedAt, bytes: 1_000_000 };
  return [
    { kind: "expert", run: "a", expert: id, label, steps: [20, 40], base, keys: ["a1", "a2"], ...stored },
    { kind: "evidence", id: evidence, about, base, keys: ["b"], ...stored },
    {
      kind: "expert",
      run: "c",
      expert: "v",
      label: "Verbs",
      steps: [5],
      base: elsewhere,
      keys: ["c"],
      ...stored,
    },
    { kind: "unreadable", keys: ["strange-file"], ...stored },
  ];
}

beforeEach(() => {
  const { kept, isKeeping } = store.getInitialState();
  store.setState({
    kept,
    isKeeping,
    savedRuns: [],
    families: [{ id: "text", name: "Text zoo", base: elsewhere }],
  });
  calls = openFixture();
});

const fill = (patch: Partial<AppState["kept"]> = {}) =>
  store.getState().patchKept({ things: things(), quota: 10_000_000_000, ...patch });

test("lists what is stored with its size and whose it is, and in all", async () => {
  fill();
  store.setState({ savedRuns: [fixtureSavedRun(elsewhere)] });
  const screen = await render(<StorageDialog />);
  const experts = screen.getByRole("region", { name: "Experts" });
  await expect.element(experts).toHaveTextContent(/Digits 22 checkpoints · 1\sMB/);
  await expect.element(experts).toHaveTextContent("Verbs1 checkpoint · Text zoo");
  await expect
    .element(screen.getByRole("region", { name: "Measurements" }))
    .toHaveTextContent("Fisher information of digits@640");
  await expect
    .element(screen.getByRole("region", { name: "Unfinished trainings" }))
    .toHaveTextContent("Clothes, slowlystep 120 of 320 · Text zoo");
  await expect
    .element(screen.getByRole("region", { name: /cannot be read/ }))
    .toHaveTextContent("strange-file");
  await expect.element(screen.getByText(/7\.41\sMB stored; the browser allows up to 10\sGB/)).toBeVisible();
  expect(called("refresh")).toHaveLength(1);
});

test("deletes one thing, and everything, at the second press only", async () => {
  fill();
  const screen = await render(<StorageDialog />);
  await userEvent.click(screen.getByRole("button", { name: "Delete Digits 2 from the storage" }));
  await expect.element(screen.getByRole("button", { name: "Keep", exact: true })).toHaveFocus();
  expect(called("remove")).toEqual([]);
  await userEvent.click(screen.getByRole("button", { name: "Delete", exact: true }));
  expect(called("remove")).toEqual([[["a1", "a2"]]]);
  await userEvent.click(screen.getByRole("button", { name: "Delete everything" }));
  await userEvent.click(screen.getByRole("button", { name: "Keep", exact: true }).last());
  await expect.element(screen.getByRole("button", { name: "Delete everything" })).toHaveFocus();
  expect(called("clear")).toEqual([]);
  await userEvent.click(screen.getByRole("button", { name: "Delete everything" }));
  await userEvent.click(screen.getByRole("button", { name: /^Delete 4\sMB for good/ }));
  expect(called("clear")).toHaveLength(1);
});

test("says what switching off means, whether the browser keeps it, and what is damaged", async () => {
  fill({ persistence: "refused", damaged: ["b"] });
  const screen = await render(<StorageDialog />);
  await expect.element(screen.getByRole("region", { name: "Measurements" })).toHaveTextContent("left out");
  await expect.element(screen.getByText(/was asked and has not agreed/)).toBeVisible();
  await userEvent.click(screen.getByRole("button", { name: "Ask the browser to keep it" }));
  await userEvent.click(screen.getByRole("switch", { name: "Store what is made here" }));
  expect([called("persist"), called("setKeeping")]).toEqual([[[]], [[false]]]);
  store.setState({ isKeeping: false });
  await expect.element(screen.getByText(/What is stored already stays/)).toBeVisible();
  store.getState().patchKept({ persistence: "kept" });
  await expect.element(screen.getByText(/keeps it until you delete it/)).toBeVisible();
});

test("tells when there is no storage, and that nothing outlives the page then", async () => {
  store.getState().patchKept({
    things: [],
    failure: { code: "storage/unavailable", message: "The browser's storage cannot be used: private window" },
  });
  const screen = await render(
    <>
      <StoredLine />
      <StorageDialog />
    </>,
  );
  await expect.element(screen.getByRole("alert")).toHaveTextContent("private window What you make now lasts");
  await expect.element(screen.getByText(/The browser stores nothing/)).toBeInTheDocument();
});

test("one line says how much there is, and leads to the list", async () => {
  fill();
  const screen = await render(<StoredLine />);
  await expect
    .element(screen.getByText(/^Stored in this browser: 2 experts, 1 measurement, 4\sMB\.$/))
    .toBeVisible();
  await userEvent.click(screen.getByRole("button", { name: "Storage…" }));
  expect(store.getState().dialog).toBe("storage");
  store.getState().patchView({ dialog: undefined });
});

test("things are known to be stored by what they are, over the open base only", () => {
  expect(isExpertStored(store.getState(), "digits-2")).toBeUndefined();
  fill();
  const state = store.getState();
  expect(["digits-2", "v"].map((id) => isExpertStored(state, id))).toEqual([true, false]);
  const [, measurement] = things();
  expect(isEvidenceStored(state, measurement?.kind === "evidence" ? measurement.id : "")).toBe(true);
});
