import type { Page } from "@playwright/test";
import { crash, expect, expectAccessible, measured, merged, openApp, test } from "./app.ts";

test("an expert is trained in the page, takes part in the merge, and survives a reload and a crash", async ({
  page,
}) => {
  await openBench(page);
  await expect(page.getByText(/About .* on this machine/)).toBeVisible();
  await expectAccessible(page);
  await start(page, 4, "My digits");

  await expect(page.getByText("“My digits” is in the library, at step 4.")).toBeVisible();
  await expect(page.getByRole("heading", { name: "My digits", exact: true })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Take into the merge" }).click();
  const takesPart = page.getByRole("switch", { name: "My digits takes part" });
  await expect(takesPart).toBeChecked();
  await measured(page);
  await expect(page.getByText(/Stored in this browser: 1 expert/)).toBeVisible();

  await page.reload();
  await expect(takesPart).toBeChecked();
  await merged(page);
  await crash(page, "models");
  await measured(page);
  await expect(takesPart).toBeChecked();
  await expect(page.getByRole("region", { name: "Notices" })).not.toContainText("Not recovered");

  await page.getByRole("button", { name: "Storage…" }).click();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Delete everything" }).click();
  await page.getByRole("button", { name: /for good$/ }).click();
  await expect(page.getByRole("dialog")).toContainText("Nothing is stored.");
  await page.keyboard.press("Escape");
  // What is open stays until the page is left.
  await expect(takesPart).toBeChecked();
});

test("a training that was paused goes on after a reload", async ({ page }) => {
  await openBench(page);
  await start(page, 2000, "Long");
  await expect(page.getByText(/^step [1-9]/)).toBeVisible();
  await page.getByRole("button", { name: "Pause: Train Long" }).click();
  await expect(page.getByRole("button", { name: "Resume" })).toBeVisible();
  const stopped = await stepOf(page);

  await page.reload();
  await expect(page.getByText("Train Long")).toBeVisible();
  await page.getByRole("button", { name: "Resume" }).click();
  await expect.poll(() => stepOf(page)).toBeGreaterThan(stopped);
  await page.getByRole("button", { name: "Cancel: Train Long" }).click();
  await expect(page.getByText("cancelled")).toBeVisible();
});

/** How far the one job on the page is. */
async function stepOf(page: Page): Promise<number> {
  const text = await page.getByText(/^step \d/).textContent();
  return Number(/step ([\d,]+) of/.exec(text ?? "")?.[1]?.replace(",", ""));
}

async function openBench(page: Page): Promise<void> {
  await openApp(page);
  await page.getByRole("tab", { name: "Workbench" }).click();
}

async function start(page: Page, steps: number, label: string): Promise<void> {
  await page.getByRole("textbox", { name: "Name" }).fill(label);
  await page.getByRole("textbox", { name: "Steps" }).fill(String(steps));
  await page.getByRole("textbox", { name: "Batch size" }).fill("16");
  await page.getByRole("button", { name: "Start training" }).click();
}
