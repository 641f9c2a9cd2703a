import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { Page } from "@playwright/test";
import {
  changesScore,
  drop,
  expect,
  expectAccessible,
  merged,
  openApp,
  raiseLambda,
  saveDialog,
  saved,
  score,
  test,
  workerOf,
} from "./app.ts";

test("a saved recipe, opened again, gives the same content hash", async ({ page }) => {
  await openApp(page);
  await raiseLambda(page);
  const recipe = await save(page, "Save recipe");
  const sealed = JSON.parse(recipe.body.toString());
  const model = await save(page, "Save merged model");
  expect(model.name).toContain(sealed.output.slice("sha256:".length).slice(0, 8));

  await page.goto("about:blank");
  await openApp(page);
  const lambda = page.getByRole("slider", { name: "λ" });
  await expect(lambda).not.toHaveValue(String(sealed.recipe.lambda));
  await drop(page, { name: "recipe.kintsugi.json", body: recipe.body });
  await expect(lambda).toHaveValue(String(sealed.recipe.lambda));
  const again = await save(page, "Save merged model");
  expect(again.name).toBe(model.name);
  expect(again.body.equals(model.body)).toBe(true);
});

test("a reload, a link, and the end of a worker leave the recipe as it was", async ({ page, context }) => {
  await openApp(page);
  const stop = (on: Page) => on.getByRole("slider", { name: "Stop step of Hiragana expert" });
  await expect.poll(() => page.url()).toContain("#r=");
  const address = page.url();
  await stop(page).press("Home");
  await expect.poll(() => page.url()).not.toBe(address);
  await page.reload();
  await expect(stop(page)).toHaveAttribute("aria-valuetext", /step 20 /);

  const linked = await context.newPage();
  await linked.goto(page.url());
  await expect(stop(linked)).toHaveAttribute("aria-valuetext", /step 20 /);
  await linked.close();

  await merged(page);
  await workerOf(page, "eval").evaluate(() => setTimeout(() => self.close(), 0));
  const before = await score(page);
  await raiseLambda(page);
  await expect(page.getByRole("region", { name: "Notices" })).toContainText("A worker stopped", {
    timeout: 60_000,
  });
  await expect.poll(() => score(page), { timeout: 60_000 }).not.toBe(before);
  await expect(stop(page)).toHaveAttribute("aria-valuetext", /step 20 /);
});

test("bad files are refused by name, a NaN is a question, and the app goes on", async ({ page }) => {
  await openApp(page);
  const whole = await readFile(
    fileURLToPath(new URL("../public/zoo/vision/experts/digits/step-20.safetensors", import.meta.url)),
  );
  const bad = [
    { name: "cut.safetensors", body: whole.subarray(0, 50_000) },
    { name: "notes.txt", body: "hello" },
    { name: "model.pt", body: "PK\u0003\u0004 not really a state dict" },
    { name: "empty.onnx", body: "" },
    {
      name: "noise.safetensors",
      body: Buffer.from(Array.from({ length: 4096 }, (_, i) => (i * 7919) % 251)),
    },
    { name: "recipe.json", body: '{"version": 1}' },
  ];
  await drop(page, ...bad);
  const notices = page.getByRole("region", { name: "Notices" });
  for (const { name } of bad) await expect(notices).toContainText(name);
  await expect(page.getByRole("slider", { name: /^Stop step of/ })).toHaveCount(4);
  await notices.getByRole("button", { name: /^Dismiss all/ }).click();

  await drop(page, { name: "digits-broken.safetensors", body: withNaN(whole) });
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
  await changesScore(page, () => raiseLambda(page));
});

/** The file with a NaN as the first entry of its last norm, which is f32. */
function withNaN(file: Buffer): Buffer {
  const body = Buffer.from(file);
  const header = 8 + Number(body.readBigUInt64LE(0));
  const [begin] = JSON.parse(body.toString("utf8", 8, header))["norm.weight"].data_offsets;
  body.writeFloatLE(Number.NaN, header + begin);
  return body;
}

async function save(page: Page, button: string): ReturnType<typeof saved> {
  const dialog = await saveDialog(page);
  return saved(page, () => dialog.getByRole("button", { name: button }).click());
}
