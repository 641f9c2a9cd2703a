import { readFile } from "node:fs/promises";
import type { Download, Page } from "@playwright/test";
import { expect, openApp, settled, test } from "./app.ts";

const configuration = `merge_method: ties
base_model: ./base
models:
  - model: ./digits
    parameters: {weight: 1.0, density: 0.4}
  - model: ./hiragana
    parameters: {weight: 0.5, density: [{filter: attn, value: 0.6}, {value: 0.2}]}
tokenizer_source: union
`;

test("a mergekit recipe is shown line by line, used, and written again", async ({ page }) => {
  await openApp(page);
  await drop(page, "ties.yaml", Buffer.from(configuration));
  const dialog = page.getByRole("dialog", { name: /ties\.yaml/ });
  await expect(dialog.getByText("tokenizer_source does not concern the weights")).toBeVisible();
  await expect(dialog.getByText("Line 8")).toBeVisible();
  await dialog.getByRole("button", { name: "Use this recipe" }).click();
  await expect(dialog).toBeHidden();
  await settled(page);

  await page.keyboard.press("Control+s");
  const save = page.getByRole("dialog", { name: "Save" });
  await save.getByRole("button", { name: "Write mergekit recipe" }).click();
  const yaml = save.getByRole("textbox", { name: "mergekit recipe" });
  await expect(yaml).toHaveValue(/merge_method: ties/);
  await expect(yaml).toHaveValue(/value: 0\.6/);
  await expect(save.getByText("mergekit-yaml recipe.yaml ./merged")).toBeVisible();
  const card = await downloaded(page, () => save.getByRole("button", { name: "Save model card" }).click());
  const text = (await bytesOf(card)).toString("utf8");
  expect(text).toContain('  - "kintsugi"');
  expect(text).toMatch(/\| Digits \|.* n = \d+/);
});

test("a merged model leads to its parents and is derived again, bit for bit", async ({ page }) => {
  await openApp(page);
  await page.keyboard.press("Control+s");
  const model = await downloaded(page, () =>
    page.getByRole("dialog", { name: "Save" }).getByRole("button", { name: "Save merged model" }).click(),
  );
  await drop(page, "merged.safetensors", await bytesOf(model));
  await page.getByRole("button", { name: "Where it comes from" }).click();
  const dialog = page.getByRole("dialog", { name: /comes from/ });
  await expect(dialog.getByRole("row", { name: /digits.*here as/i })).toBeVisible();
  await dialog.getByRole("button", { name: "Derive again" }).click();
  await expect(dialog.getByText(/Bit for bit the same/)).toBeVisible();
});

test("a recipe is read as other programs read it", async ({ page }) => {
  await openApp(page);
  await drop(page, "ties.yaml", Buffer.from(configuration));
  await page.getByRole("button", { name: "Use this recipe" }).click();
  await settled(page);
  await page.keyboard.press("Control+s");
  await page.getByRole("button", { name: "Compare programs" }).click();
  const dialog = page.getByRole("dialog", { name: "What other programs would compute" });
  await dialog.getByRole("button", { name: "Measure the readings" }).click();
  await expect(dialog.getByRole("button", { name: "Measure again" })).toBeVisible();
  await expect(dialog.getByRole("row", { name: /^This recipe and mergekit.* %/ })).toBeVisible();
  const paper = dialog.getByRole("row", { name: /^Paper.*Rank within.*won/ });
  await expect(paper.getByText(/^\d+ of 53/)).toBeVisible();
});

async function downloaded(page: Page, act: () => Promise<void>): Promise<Download> {
  const [download] = await Promise.all([page.waitForEvent("download"), act()]);
  return download;
}

async function bytesOf(download: Download): Promise<Buffer> {
  return readFile(await download.path());
}

async function drop(page: Page, name: string, body: Buffer): Promise<void> {
  await page.locator("input[type=file]").first().setInputFiles({ name, mimeType: "", buffer: body });
}
