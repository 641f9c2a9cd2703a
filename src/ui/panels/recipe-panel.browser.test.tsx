import { beforeEach, expect, test } from "vitest";
import { userEvent } from "vitest/browser";
import { render } from "vitest-browser-react";
import "../theme.css";
import "../base.css";
import { store } from "#app/store.ts";
import { addSparsifier } from "#core/recipe/edit.ts";
import { openFixture } from "../testing/open-fixture.ts";
import { RecipePanel } from "./RecipePanel.tsx";

beforeEach(() => {
  openFixture();
});

const chain = () => store.getState().recipe?.sparsifiers.map((use) => use.id);

async function open() {
  const screen = await render(
    <div style={{ inlineSize: 700 }}>
      <RecipePanel />
    </div>,
  );
  return screen;
}

async function openThree() {
  store.getState().edit((recipe) => addSparsifier(addSparsifier(recipe, "dare"), "tadrop"));
  return open();
}

test("adds a sparsifier from the menu, opens it, switches it off and removes it", async () => {
  const screen = await open();
  await userEvent.click(screen.getByRole("button", { name: "Add sparsifier" }));
  await userEvent.click(screen.getByRole("menuitem", { name: /^DARE/ }));
  expect(chain()).toEqual(["magnitude", "dare"]);
  await expect.element(screen.getByRole("heading", { name: "DARE" })).toBeVisible();

  await userEvent.click(screen.getByRole("switch", { name: "Switched on: DARE" }));
  expect(store.getState().recipe?.sparsifiers[1]?.enabled).toBe(false);
  await userEvent.click(screen.getByRole("button", { name: "Remove DARE" }));
  expect(chain()).toEqual(["magnitude"]);
});

test("reorders the chain by Alt and an arrow, keeps the focus and says where it went", async () => {
  const screen = await openThree();
  screen.getByRole("button", { name: "TADrop" }).element().focus();
  await userEvent.keyboard("{Alt>}{ArrowLeft}{/Alt}");
  expect(chain()).toEqual(["magnitude", "tadrop", "dare"]);
  await expect.element(screen.getByText("TADrop is now number 2 of 3")).toBeInTheDocument();
  await expect.element(screen.getByRole("button", { name: "TADrop" })).toHaveFocus();
  await userEvent.keyboard("{Alt>}{ArrowLeft}{ArrowLeft}{/Alt}");
  expect(chain()).toEqual(["tadrop", "magnitude", "dare"]);
});

test("reorders the chain by dragging a chip", async () => {
  const screen = await openThree();
  const chip = screen.getByRole("button", { name: "Magnitude" }).element();
  const target = screen.getByRole("button", { name: "TADrop" }).element().getBoundingClientRect();
  chip.setPointerCapture = () => undefined;
  const box = chip.getBoundingClientRect();
  const fire = async (type: string, clientX: number, clientY: number) => {
    chip.dispatchEvent(new PointerEvent(type, { bubbles: true, pointerId: 1, clientX, clientY }));
    await new Promise((resolve) => setTimeout(resolve, 20));
  };
  await fire("pointerdown", box.left + 5, box.top + 5);
  await fire("pointermove", target.left + 20, target.top + 5);
  await fire("pointermove", target.left + 22, target.top + 5);
  await fire("pointerup", target.left + 22, target.top + 5);
  expect(chain()).toEqual(["dare", "tadrop", "magnitude"]);
});

test("changes the method with its own chain, and says where one has no λ", async () => {
  const screen = await open();
  await expect.element(screen.getByRole("slider", { name: "λ" })).toBeVisible();
  await userEvent.click(screen.getByRole("button", { name: "Method: Task arithmetic" }));
  await userEvent.fill(screen.getByRole("combobox", { name: "Choose a method" }), "2203.05482");
  await userEvent.keyboard("{Enter}");
  expect(store.getState().recipe?.method.id).toBe("linear");
  await expect.element(screen.getByText(/Average has no λ/)).toBeVisible();
});

test("says that a per-task method gives one model per task", async () => {
  store.getState().edit((recipe) => ({ ...recipe, method: { id: "emr", params: { rescaler: "tensors" } } }));
  const screen = await open();
  await expect.element(screen.getByText("one model per task", { exact: true })).toBeVisible();
});

test("shows the best of the quick tries as a mark that can be taken", async () => {
  const screen = await open();
  await userEvent.click(screen.getByRole("button", { name: /^Best of 4 quick tries: λ 0.30/ }));
  expect(store.getState().recipe?.lambda).toBe(0.3);
});

test("draws the formula of the open card", async () => {
  const screen = await open();
  await expect.element(screen.getByRole("math", { name: /^Formula of Task arithmetic/ })).toBeVisible();
});
