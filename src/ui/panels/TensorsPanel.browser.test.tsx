import "../theme.css";
import "../base.css";
import { CSPProvider } from "@base-ui/react/csp-provider";
import { Tooltip } from "@base-ui/react/tooltip";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { page, userEvent } from "vitest/browser";
import { render } from "vitest-browser-react";
import { store } from "#app/store.ts";
import { setLocked } from "#core/recipe/edit-tensors.ts";
import type { Recipe } from "#core/recipe/schema.ts";
import { splitName } from "../tensor-rows.ts";
import { fixtureLibrary, fixtureRecipe } from "../testing/fixture.ts";
import { fixtureStats, fixtureSummary } from "../testing/fixture-merge.ts";
import { TensorsPanel } from "./TensorsPanel.tsx";
import { rateText } from "./tensor-describe.ts";

// Called once per rendering of a row's name and of a rate cell: what counts renderings without touching them.
vi.mock("../tensor-rows.ts", { spy: true });
vi.mock("./tensor-describe.ts", { spy: true });

const qkv = "blocks.0.attn.qkv.weight";
const proj = "blocks.0.attn.proj.weight";

async function mount({ blocks = 4, width = 1400, recipe = fixtureRecipe } = {}) {
  const library = fixtureLibrary(blocks);
  const experts = recipe.experts.map(({ id }) => id);
  const state = store.getState();
  state.setLibrary(library, "ready");
  state.setRecipe(recipe);
  state.putStats(fixtureStats(library.tensors, experts));
  state.patchRuns({ summary: fixtureSummary(library.tensors, recipe) });
  await page.viewport(width, 900);
  await render(
    <CSPProvider disableStyleElements>
      <Tooltip.Provider>
        <div style={{ blockSize: 860 }}>
          <TensorsPanel />
        </div>
      </Tooltip.Provider>
    </CSPProvider>,
  );
  await expect.element(page.getByRole("grid")).toBeVisible();
  return library;
}

const recipe = (): Recipe => store.getState().recipe ?? fixtureRecipe;
const slider = (tensor: string, expert = "digits") =>
  page.getByRole("slider", { name: `drop rate of ${tensor} for ${expert}`, exact: true });
const row = (tensor: string) => document.querySelector<HTMLElement>(`tr[data-name="${tensor}"]`);
const cell = (tensor: string, column: number) =>
  row(tensor)?.querySelector<HTMLElement>(`[data-column="${column}"]`) ?? document.body;

beforeEach(() => {
  store.getState().patchView({
    filter: "",
    roleFilter: undefined,
    selection: [],
    sort: { key: "depth", descending: false },
    seamQuantity: "density",
    language: "en",
  });
  vi.clearAllMocks();
});

describe("the tensor table", () => {
  it("renders nothing but the dragged cell while its slider moves", async () => {
    await mount();
    vi.spyOn(HTMLElement.prototype, "setPointerCapture").mockImplementation(() => {});
    const input = slider(qkv).element();
    const box = input.getBoundingClientRect();
    const y = box.top + box.height / 2;
    const fire = (type: string, x: number) =>
      input.dispatchEvent(
        new PointerEvent(type, { bubbles: true, pointerId: 1, clientX: x, clientY: y, button: 0 }),
      );
    fire("pointerdown", box.left + box.width / 2);
    await expect.poll(() => recipe().rules.length).toBe(1);
    expect(store.getState().isDragging).toBe(true);
    await new Promise(requestAnimationFrame);
    vi.clearAllMocks();

    for (let i = 1; i <= 5; i++) {
      fire("pointermove", box.left + box.width / 2 + 4 * i);
      await new Promise(requestAnimationFrame);
    }
    fire("pointerup", box.left + box.width / 2 + 20);

    expect(vi.mocked(splitName)).not.toHaveBeenCalled();
    // The number and the spoken value: two calls for each rendering of one cell.
    expect(vi.mocked(rateText).mock.calls.length).toBeLessThanOrEqual(2 * 5);
    expect(vi.mocked(rateText).mock.calls.length).toBeGreaterThan(0);
    expect(store.getState().isDragging).toBe(false);
    expect(recipe().rules).toHaveLength(1);
  });

  it("moves the gold line with the slider before the merge has answered", async () => {
    await mount();
    const line = () => Number(row(qkv)?.querySelector("svg line")?.getAttribute("x1"));
    const before = line();
    slider(qkv).element().focus();
    await userEvent.keyboard("{Alt>}{ArrowLeft}{ArrowLeft}{/Alt}");
    await expect.poll(line).toBeLessThan(before);
    expect(recipe().rules[0]?.set.density).toBe(0.4);
  });

  it("steps by one percent with arrows, a tenth with Shift, ten with Alt, and resets on double-click", async () => {
    await mount();
    const input = slider(qkv);
    input.element().focus();
    await userEvent.keyboard("{ArrowLeft}");
    expect(recipe().rules[0]?.set.density).toBe(0.21);
    await userEvent.keyboard("{Shift>}{ArrowLeft}{/Shift}");
    expect(recipe().rules[0]?.set.density).toBe(0.211);
    await input.dblClick();
    expect(recipe().rules).toEqual([]);
  });

  it("takes a number in percent, typed on the focused cell", async () => {
    await mount();
    const rate = 7;
    cell(qkv, rate).focus();
    await userEvent.keyboard("65,5{Enter}");
    expect(recipe().rules).toEqual([
      { match: { names: [qkv] }, experts: ["digits"], set: { density: 0.345 } },
    ]);
    expect(document.activeElement).toBe(cell(qkv, rate));
    await userEvent.keyboard("{Delete}");
    expect(recipe().rules).toEqual([]);
    await userEvent.keyboard("{Enter}12{Escape}");
    expect(recipe().rules).toEqual([]);
  });

  it("has one tab stop, and arrows, Page Down and End move it", async () => {
    await mount();
    cell(qkv, 0).focus();
    await userEvent.keyboard("{ArrowDown}{ArrowRight}");
    expect(document.activeElement).toBe(cell("blocks.0.attn.qkv.bias", 1));
    expect(document.querySelectorAll('[role="grid"] [tabindex="0"]')).toHaveLength(1);
    await userEvent.keyboard("{Control>}{End}{/Control}");
    await expect.poll(() => document.activeElement?.closest("tr")?.dataset.name).toBe("norm.bias");
  });

  it("keeps the focused row mounted when it is scrolled out of sight", async () => {
    await mount({ blocks: 160 });
    expect(page.getByRole("grid").element().getAttribute("aria-rowcount")).toBe(String(5 + 160 * 13 + 1));
    cell(qkv, 0).focus();
    const scroller = page.getByRole("grid").element().parentElement;
    scroller?.scrollTo({ top: 20_000 });
    await expect.poll(() => row("blocks.52.norm1.weight")).not.toBeNull();
    expect(document.activeElement).toBe(cell(qkv, 0));
    expect(document.querySelectorAll('[role="grid"] tr').length).toBeLessThan(60);
  });

  it("sorts by a click on a title, up, down and back", async () => {
    await mount();
    const title = page.getByRole("columnheader", { name: "norm", exact: true });
    const first = () => document.querySelector<HTMLElement>("tbody tr[data-line='0']")?.dataset.name;
    await title.click();
    await expect.element(title).toHaveAttribute("aria-sort", "ascending");
    const least = first();
    await title.click();
    await expect.element(title).toHaveAttribute("aria-sort", "descending");
    expect(first()).not.toBe(least);
    await title.click();
    await expect.element(title).toHaveAttribute("aria-sort", "none");
  });

  it("tells how many names match, and what to do when none does", async () => {
    await mount();
    const filter = page.getByRole("textbox", { name: "Filter by name or glob" });
    await filter.fill("qkv");
    await expect.element(page.getByText("8 of 53")).toBeVisible();
    await filter.fill("attn*");
    await expect.element(page.getByText("No tensor's name matches “attn*”.")).toBeVisible();
    await page.getByRole("button", { name: "Try **attn**" }).click();
    await expect.element(page.getByText("16 of 53")).toBeVisible();
    await page.getByRole("button", { name: "Select all shown" }).click();
    expect(store.getState().selection).toHaveLength(16);
  });

  it("shows one rate column for the chosen expert in a narrow pane", async () => {
    await mount({ width: 420 });
    await expect.element(slider(qkv, "all experts")).toBeVisible();
    await page.getByRole("search").getByTitle("clothes").click();
    await expect.element(slider(qkv, "clothes")).toBeVisible();
  });
});

describe("selected tensors", () => {
  it("are chosen by click, Ctrl-click, Shift-click and Space", async () => {
    await mount();
    await userEvent.click(cell(qkv, 0));
    await userEvent.click(cell(proj, 0), { modifiers: ["Control"] });
    expect(store.getState().selection).toEqual([qkv, proj]);
    await userEvent.click(cell(qkv, 0));
    await userEvent.click(cell(proj, 0), { modifiers: ["Shift"] });
    expect(store.getState().selection).toEqual([qkv, "blocks.0.attn.qkv.bias", proj]);
    await userEvent.keyboard(" ");
    expect(store.getState().selection).toEqual([qkv, "blocks.0.attn.qkv.bias"]);
  });

  it("are edited together, locked ones skipped and said so, as one rule", async () => {
    await mount({ recipe: setLocked(fixtureRecipe, [proj], true) });
    store.getState().select([qkv, proj, "pos_embed"], "replace");
    const bar = page.getByRole("region", { name: "Edit the selected tensors" });
    await expect.element(bar.getByText("1 locked, skipped")).toBeVisible();
    await bar.getByRole("textbox", { name: /Drop rate of the selected/ }).fill("55");
    await userEvent.keyboard("{Enter}");
    expect(recipe().rules).toEqual([{ match: { names: ["pos_embed", qkv] }, set: { density: 0.45 } }]);
    await expect.element(page.getByText("Drop rate: 2 tensors; 1 locked, skipped.")).toBeInTheDocument();

    await bar.getByRole("textbox", { name: "Factor for the drop rates" }).fill("0.5");
    await bar.getByRole("button", { name: "Scale rates" }).click();
    expect(recipe().rules.map(({ set }) => set.density)).toEqual([0.725]);
    await bar.getByRole("button", { name: "Reset" }).click();
    expect(recipe().rules).toEqual([]);
    await bar.getByRole("button", { name: "Keep base" }).click();
    expect(recipe().rules).toEqual([{ match: { names: ["pos_embed", qkv] }, set: {}, keep: "base" }]);
  });

  it("set one expert's rate when the bar says so", async () => {
    await mount();
    store.getState().select([qkv, proj], "replace");
    await page.getByRole("combobox", { name: "For" }).selectOptions("clothes");
    await page.getByRole("textbox", { name: /Drop rate of the selected/ }).fill("10");
    await userEvent.keyboard("{Enter}");
    expect(recipe().rules).toEqual([
      { match: { names: [qkv, proj] }, experts: ["clothes"], set: { density: 0.9 } },
    ]);
  });
});

describe("a row's menu", () => {
  it("sets λ and where the tensor is taken from, locks and resets", async () => {
    await mount();
    await page.getByRole("button", { name: `More about ${qkv}`, exact: true }).click();
    const sheet = page.getByRole("dialog", { name: qkv });
    await sheet.getByRole("textbox", { name: "λ of this tensor" }).fill("0.9");
    await userEvent.keyboard("{Enter}");
    expect(recipe().rules[0]?.set.lambda).toBe(0.9);
    await sheet.getByRole("button", { name: "Reset to the rules" }).click();
    expect(recipe().rules).toEqual([]);
    await sheet.getByRole("switch", { name: "Lock" }).click();
    expect(recipe().locks).toEqual([qkv]);
    await userEvent.keyboard("{Escape}");
    await expect.element(sheet).not.toBeInTheDocument();
  });
});
