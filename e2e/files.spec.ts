import { readFile } from "node:fs/promises";
import type { Download, Page } from "@playwright/test";
import { expect, expectAccessible, openApp, settled, test } from "./app.ts";

test("a saved recipe, opened again, gives the same content hash", async ({ page }) => {
  await openApp(page);
  const lambda = page.getByRole("slider", { name: "λ" });
  await lambda.focus();
  await page.keyboard.press("PageUp");
  await settled(page);
  const recipe = await save(page, "Save recipe");
  const sealed = JSON.parse((await bytesOf(recipe)).toString("utf8"));
  const model = await save(page, "Save merged model");
  expect(model.suggestedFilename()).toContain(sealed.output.slice("sha256:".length).slice(0, 8));

  await page.goto("about:blank");
  await openApp(page);
  await drop(page, { name: "recipe.kintsugi.json", body: await bytesOf(recipe) });
  await expect(lambda).toHaveValue(String(sealed.recipe.lambda));
  await settled(page);
  const again = await save(page, "Save merged model");
  expect(again.suggestedFilename()).toBe(model.suggestedFilename());
  expect(await bytesOf(again)).toEqual(await bytesOf(model));
});

test("the merged model is saved as ONNX, and as safetensors that can be dropped in as an expert", async ({
  page,
}) => {
  await openApp(page);
  const onnx = await save(page, "Save merged model", /ONNX/);
  expect(onnx.suggestedFilename()).toMatch(/\.onnx$/);
  const bytes = await bytesOf(onnx);
  for (const task of ["digits", "clothes", "capitals", "hiragana"]) {
    expect(bytes.includes(Buffer.from(`logits_${task}`))).toBe(true);
  }

  const safetensors = await save(page, "Save merged model", /safetensors/);
  await drop(page, { name: "merged_step-7.safetensors", body: await bytesOf(safetensors) });
  await expect(page.getByRole("heading", { name: /merged/i })).toBeVisible();
  await settled(page);
});

test("a reload and a link bring the recipe back", async ({ page }) => {
  await openApp(page);
  await page.getByRole("slider", { name: "Stop step of Hiragana expert" }).focus();
  await page.keyboard.press("Home");
  await settled(page);
  await expect.poll(() => page.url()).toContain("#r=");
  await page.reload();
  await expect(page.getByRole("slider", { name: "Stop step of Hiragana expert" })).toHaveAttribute(
    "aria-valuetext",
    /step 20 /,
  );
});

test("bad files are refused by name and the app goes on", async ({ page }) => {
  await openApp(page);
  const whole = await expert();
  await drop(
    page,
    { name: "cut.safetensors", body: whole.subarray(0, 50_000) },
    { name: "notes.txt", body: Buffer.from("hello") },
    { name: "model.pt", body: Buffer.from("PK\u0003\u0004 not really a state dict") },
    { name: "empty.onnx", body: Buffer.alloc(0) },
    {
      name: "noise.safetensors",
      body: Buffer.from(Array.from({ length: 4096 }, (_, i) => (i * 7919) % 251)),
    },
    { name: "recipe.json", body: Buffer.from('{"version": 1}') },
  );
  const notices = page.getByRole("region", { name: "Notices" });
  for (const name of [
    "cut.safetensors",
    "notes.txt",
    "model.pt",
    "empty.onnx",
    "noise.safetensors",
    "recipe.json",
  ]) {
    await expect(notices).toContainText(name);
  }
  await expect(page.getByRole("slider", { name: /^Stop step of/ })).toHaveCount(4);
  await page.getByRole("slider", { name: "λ" }).focus();
  await page.keyboard.press("PageUp");
  await settled(page);
});

test("NaN in a dropped file is a question, and its answer can be changed and undone", async ({ page }) => {
  await openApp(page);
  await drop(page, { name: "digits-broken.safetensors", body: withNaN(await expert()) });
  const notices = page.getByRole("region", { name: "Notices" });
  await expect(notices).toContainText("norm.weight: 1 NaN / 64");
  await expectAccessible(page);
  await notices.getByRole("button", { name: "Keep the base’s values there" }).click();
  await expect(page.getByText("the base’s stand in")).toBeVisible();
  await page.getByRole("button", { name: "Take 0 instead" }).click();
  await expect(page.getByText("0 stands in")).toBeVisible();
  const first = page.getByRole("switch", { name: "digits-broken takes part", exact: true });
  await expect(first).not.toBeChecked();
  await page.keyboard.press("Control+z");
  await expect(first).toBeChecked();
  await settled(page);
});

test("a worker that dies is replaced and the recipe survives", async ({ page }) => {
  await openApp(page);
  await page.getByRole("slider", { name: "λ" }).focus();
  await page.keyboard.press("PageUp");
  await settled(page);
  const before = await page.getByRole("slider", { name: "λ" }).inputValue();
  const worker = page.workers().find((candidate) => candidate.url().includes("eval.worker"));
  if (!worker) throw new Error("no eval worker");
  await worker.evaluate(() => setTimeout(() => self.close(), 0));
  await page.keyboard.press("PageUp");
  await expect(page.getByRole("region", { name: "Notices" })).toContainText("A worker stopped", {
    timeout: 60_000,
  });
  await settled(page);
  await expect(page.getByRole("slider", { name: "λ" })).not.toHaveValue(before);
});

function expert(): Promise<Buffer> {
  const path = "public/zoo/vision/experts/digits/step-20.safetensors";
  return readFile(`../${path}`).catch(() => readFile(path));
}

/** The file with a NaN as the first entry of its last norm, which is f32. */
function withNaN(file: Buffer): Buffer {
  const body = Buffer.from(file);
  const header = 8 + Number(body.readBigUInt64LE(0));
  const [begin] = JSON.parse(body.toString("utf8", 8, header))["norm.weight"].data_offsets;
  body.writeFloatLE(Number.NaN, header + begin);
  return body;
}

interface Dropped {
  readonly name: string;
  readonly body: Buffer;
}

async function drop(page: Page, ...files: readonly Dropped[]): Promise<void> {
  await page
    .locator('input[type="file"][aria-label="Open files"]')
    .setInputFiles(
      files.map(({ name, body }) => ({ name, mimeType: "application/octet-stream", buffer: body })),
    );
}

async function save(page: Page, button: string, format?: RegExp): Promise<Download> {
  await page.getByRole("button", { name: "Save…" }).click();
  if (format) await page.getByRole("radio", { name: format }).check({ force: true });
  const download = page.waitForEvent("download");
  await page.getByRole("dialog").getByRole("button", { name: button }).click();
  return download;
}

async function bytesOf(download: Download): Promise<Buffer> {
  return readFile(await download.path());
}
