import { beforeEach, expect, test } from "vitest";
import { page, userEvent } from "vitest/browser";
import { render } from "vitest-browser-react";
import "./theme.css";
import "./base.css";
import { store } from "#app/store.ts";
import { App } from "./App.tsx";
import { openFixture } from "./testing/open-fixture.ts";

let calls: ReturnType<typeof openFixture>;

beforeEach(() => {
  calls = openFixture();
});

test("opens by its keys, finds an action by its words and runs it", async () => {
  const screen = await render(<App />);
  await userEvent.keyboard("{Control>}k{/Control}");
  await expect.element(screen.getByRole("dialog", { name: "Find an action" })).toBeVisible();
  await expect.element(screen.getByRole("combobox", { name: "Find an action" })).toHaveFocus();
  await userEvent.keyboard("use ties");
  await expect.element(screen.getByRole("option")).toHaveLength(1);
  await userEvent.keyboard("{Enter}");
  expect(store.getState().recipe?.method.id).toBe("ties");
  await expect.element(screen.getByRole("dialog")).not.toBeInTheDocument();
});

test("undoes and redoes by keys", async () => {
  await render(<App />);
  store.getState().edit((recipe) => ({ ...recipe, lambda: 1 }));
  await userEvent.keyboard("{Control>}z{/Control}");
  expect(store.getState().recipe?.lambda).toBe(0.4);
  await userEvent.keyboard("{Control>}{Shift>}z{/Shift}{/Control}");
  expect(store.getState().recipe?.lambda).toBe(1);
});

test("lists the keys on a question mark and closes on Escape", async () => {
  const screen = await render(<App />);
  await userEvent.keyboard("?");
  await expect.element(screen.getByRole("dialog", { name: "Keys" })).toBeVisible();
  await userEvent.keyboard("{Escape}");
  await expect.element(screen.getByRole("dialog")).not.toBeInTheDocument();
});

test("opens a pasted recipe, and files dropped anywhere", async () => {
  await render(<App />);
  const clipboardData = new DataTransfer();
  clipboardData.setData("text/plain", ' {"version": 1}');
  document.body.dispatchEvent(
    new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }),
  );
  expect(calls).toContainEqual(["openRecipeText", '{"version": 1}']);

  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(new File(["x"], "expert.safetensors"));
  document.body.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
  await expect.poll(() => calls.some(([name]) => name === "openFiles")).toBe(true);
});

test("saves as ONNX from the dialog, for the chosen task where there is a model for each", async () => {
  store.getState().edit((recipe) => ({ ...recipe, method: { id: "emr", params: { rescaler: "tensors" } } }));
  const screen = await render(<App />);
  await userEvent.click(screen.getByRole("button", { name: "Save…" }));
  await userEvent.click(screen.getByRole("radio", { name: /^ONNX/ }));
  await userEvent.click(screen.getByRole("button", { name: "Save merged model" }));
  expect(calls).toContainEqual(["saveModel", "onnx", { task: "digits" }]);
});

test.each([
  ["wide", 1440, 900],
  ["medium", 900, 1000],
  ["narrow", 400, 860],
] as const)("never scrolls as a whole, whatever has the focus: %s", async (_name, width, height) => {
  await page.viewport(width, height);
  const screen = await render(<App />);
  await expect.element(screen.getByRole("button", { name: "Save…" })).toBeVisible();
  for (const element of screen.container.querySelectorAll<HTMLElement>("button, input, [tabindex]")) {
    element.focus();
  }
  const { scrollHeight, scrollWidth, scrollTop } = document.documentElement;
  expect({ scrollHeight, scrollWidth, scrollTop }).toEqual({
    scrollHeight: window.innerHeight,
    scrollWidth: window.innerWidth,
    scrollTop: 0,
  });
  await page.viewport(1440, 900);
});

test("shows one tab at a time on a narrow page, the verdict always", async () => {
  await page.viewport(400, 860);
  const screen = await render(<App />);
  for (const [tab, pane] of [
    ["Library", "Library"],
    ["Recipe", "Recipe"],
    ["Results", "Results"],
  ] as const) {
    await userEvent.click(screen.getByRole("tab", { name: tab }));
    await expect.element(screen.getByRole("region", { name: pane, exact: true })).toBeVisible();
    await expect.element(screen.getByText(/of the experts’ accuracy/).first()).toBeVisible();
  }
  await page.viewport(1440, 900);
});
