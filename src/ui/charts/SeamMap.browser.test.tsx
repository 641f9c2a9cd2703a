import "../theme.css";
import "../base.css";
import { CSPProvider } from "@base-ui/react/csp-provider";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { page, userEvent } from "vitest/browser";
import { render } from "vitest-browser-react";
import { store } from "#app/store.ts";
import { setTensorDensity } from "#core/recipe/edit-tensors.ts";
import { fixtureLibrary, fixtureRecipe } from "../testing/fixture.ts";
import { fixtureStats, fixtureSummary } from "../testing/fixture-merge.ts";
import { SeamMap } from "./SeamMap.tsx";
import { seamColumns } from "./seam-map-model.ts";

const experts = fixtureRecipe.experts.map(({ id }, task) => ({ id, label: id, task }));
const ids = experts.map(({ id }) => id);

async function mount(blocks = 4) {
  const library = fixtureLibrary(blocks);
  const state = store.getState();
  state.setLibrary(library, "ready");
  state.setRecipe(fixtureRecipe);
  state.putStats(fixtureStats(library.tensors, ids));
  state.patchRuns({ summary: fixtureSummary(library.tensors, fixtureRecipe) });
  state.patchView({ selection: [], seamQuantity: "density", language: "en" });
  const onReveal = vi.fn();
  await page.viewport(1000, 500);
  await render(
    <CSPProvider disableStyleElements>
      <SeamMap tensors={library.tensors} experts={experts} onReveal={onReveal} />
    </CSPProvider>,
  );
  const canvas = document.querySelector("canvas");
  if (!canvas) throw new Error("no canvas");
  await expect.poll(() => canvas.width).toBeGreaterThan(100);
  return { library, canvas, onReveal };
}

/** Colour at a point in CSS pixels. */
function pixel(canvas: HTMLCanvasElement, x: number, y: number): string {
  const ratio = canvas.width / canvas.clientWidth;
  const data = canvas.getContext("2d")?.getImageData(Math.round(x * ratio), Math.round(y * ratio), 1, 1).data;
  return data ? data.join() : "";
}

beforeEach(() => {
  document.documentElement.dataset.theme = "light";
  vi.spyOn(HTMLElement.prototype, "setPointerCapture").mockImplementation(() => {});
});

async function drag(canvas: HTMLCanvasElement, from: number, to: number) {
  const box = canvas.getBoundingClientRect();
  const fire = (type: string, x: number) =>
    canvas.dispatchEvent(
      new PointerEvent(type, {
        bubbles: true,
        pointerId: 1,
        button: 0,
        clientX: box.left + x,
        clientY: box.top + 4,
      }),
    );
  for (const [type, x] of [
    ["pointerdown", from],
    ["pointermove", (from + to) / 2],
    ["pointermove", to],
  ] as const) {
    fire(type, x);
    await new Promise(requestAnimationFrame);
  }
  fire("pointerup", to);
}

describe("the seam map", () => {
  it("selects a tensor by a click and a range by a brush, and has the table follow", async () => {
    const { library, canvas, onReveal } = await mount();
    const { lefts, cell } = seamColumns(library.tensors, canvas.clientWidth);
    const middle = (i: number) => lefts[i] + cell / 2;
    await drag(canvas, middle(5), middle(5));
    expect(store.getState().selection).toEqual([library.tensors[5].name]);
    expect(onReveal).toHaveBeenCalledWith(library.tensors[5].name);
    await drag(canvas, middle(9), middle(7));
    expect(store.getState().selection).toEqual(library.tensors.slice(7, 10).map(({ name }) => name));
  });

  it("is moved over and read out by the keyboard", async () => {
    const { library } = await mount();
    page
      .getByRole("button", { name: /^Seam map: patch_embed.weight · digits · 20.0/ })
      .element()
      .focus();
    await userEvent.keyboard("{PageDown}{ArrowDown}{ArrowRight}");
    const spoken = document.querySelector("[aria-live='polite']");
    await expect
      .poll(() => spoken?.textContent)
      .toMatch(/^blocks\.0\.norm1\.bias · clothes · 1\d\.\d.% kept$/);
    await userEvent.keyboard("{Enter}");
    expect(store.getState().selection).toEqual([library.tensors[4].name]);
    await userEvent.keyboard("{Shift>}{ArrowRight}{ArrowRight}{/Shift}");
    expect(store.getState().selection).toEqual(library.tensors.slice(4, 7).map(({ name }) => name));
  });

  it("draws a golden tick where a density was set by hand, and lighter where less is kept", async () => {
    const { library, canvas } = await mount();
    const { lefts, cell } = seamColumns(library.tensors, canvas.clientWidth);
    const x = lefts[20] + cell / 2;
    const [before, neighbour] = [pixel(canvas, x, 4), pixel(canvas, lefts[21] + cell / 2, 4)];
    store.getState().edit((recipe) => setTensorDensity(recipe, [library.tensors[20].name], ["digits"], 0.9));
    await expect.poll(() => pixel(canvas, x, 4)).not.toBe(before);
    expect(pixel(canvas, x, 14)).toBe("166,124,26,255");
    expect(Number(pixel(canvas, x, 4).split(",")[0])).toBeLessThan(Number(before.split(",")[0]));
    expect(pixel(canvas, lefts[21] + cell / 2, 4)).toBe(neighbour);
  });

  it("follows a change of theme", async () => {
    const { library, canvas } = await mount();
    const { lefts, cell } = seamColumns(library.tensors, canvas.clientWidth);
    const light = pixel(canvas, lefts[20] + cell / 2, 4);
    document.documentElement.dataset.theme = "dark";
    await expect.poll(() => pixel(canvas, lefts[20] + cell / 2, 4)).not.toBe(light);
  });

  it("has the same numbers as a table, by block", async () => {
    await mount();
    await page.getByRole("button", { name: "Show as a table" }).click();
    await expect.element(page.getByRole("rowheader", { name: "blocks.2" })).toBeVisible();
    expect(page.getByRole("row").elements()).toHaveLength(7);
  });
});
