import type { Page } from "@playwright/test";
import { changesScore, expect, measured, openApp, raiseLambda, settled, test, verdict } from "./app.ts";

test("a stop step, λ and presets each change the numbers beside those of a pinned recipe; undo brings them back", async ({
  page,
}) => {
  await openApp(page);
  await settled(page);
  const first = (await verdict(page).textContent()) ?? "";
  await page.getByRole("button", { name: "Pin", exact: true }).click();

  const stop = page.getByRole("slider", { name: "Stop step of Digits expert" });
  await changesScore(page, () => stop.press("Home"));
  await expect(stop).toHaveAttribute("aria-valuetext", /step 20 of 2,560/);
  await expect(verdict(page)).toContainText(/pinned/);

  await changesScore(page, async () => {
    for (let i = 0; i < 8; i++) await raiseLambda(page);
  });

  await choosePreset(page, /TADrop \+ EMR/);
  await expect(verdict(page)).toContainText("one model per task");

  const undo = page.getByRole("button", { name: "Undo" });
  for (let i = 0; i < 40 && (await undo.isEnabled()); i++) await page.keyboard.press("Control+z");
  await settled(page);
  await expect(verdict(page)).toHaveText(first);
});

test("dragging one tensor's drop rate moves the charts while the slider moves", async ({ page }) => {
  await openApp(page);
  await measured(page);
  await page.evaluate(() => {
    const shown: string[] = [];
    Object.assign(window, { shown });
    new MutationObserver(() => {
      const text = document.querySelector("section[data-hollow='true']")?.textContent ?? "";
      if (text && shown.at(-1) !== text) shown.push(text);
    }).observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
  });
  const slider = page.getByRole("grid").getByRole("slider").first();
  const box = await slider.boundingBox();
  if (!box) throw new Error("the slider is not on screen");
  await page.mouse.move(box.x + 5, box.y + box.height / 2);
  await page.mouse.down();
  for (let i = 0; i < 60; i++) {
    await page.mouse.move(box.x + 5 + ((box.width - 10) * i) / 60, box.y + box.height / 2);
    await page.waitForTimeout(30);
  }
  const whileDragging = await page.evaluate(() => (window as unknown as { shown: string[] }).shown.length);
  await page.mouse.up();
  expect(whileDragging).toBeGreaterThan(0);
  await measured(page);

  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByRole("button", { name: "Undo" })).toBeDisabled();
});

async function choosePreset(page: Page, name: RegExp): Promise<void> {
  await page.getByRole("button", { name: "Presets" }).click();
  await page.getByRole("menuitem", { name }).click();
}
