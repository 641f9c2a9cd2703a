import type { Page } from "@playwright/test";
import { expect, openApp, settled, test } from "./app.ts";

test("λ, an expert's stop step and a preset each change the numbers, and undo brings them back", async ({
  page,
}) => {
  await openApp(page);
  const first = await verdict(page);

  await page.getByRole("slider", { name: "Stop step of Digits expert" }).focus();
  await page.keyboard.press("Home");
  await expect(page.getByRole("slider", { name: "Stop step of Digits expert" })).toHaveAttribute(
    "aria-valuetext",
    /step 20 of 2,560/,
  );
  await changed(page, first);
  const second = await verdict(page);

  const lambda = page.getByRole("slider", { name: "λ" });
  await lambda.focus();
  for (let i = 0; i < 8; i++) await page.keyboard.press("PageUp");
  await changed(page, second);

  await page.getByRole("button", { name: "Presets" }).click();
  await page.getByRole("menuitem", { name: /TADrop \+ EMR/ }).click();
  await expect(page.getByRole("region", { name: "Verdict" })).toContainText("one model per task");

  for (let i = 0; i < 40 && (await page.getByRole("button", { name: "Undo" }).isEnabled()); i++) {
    await page.keyboard.press("Control+z");
  }
  await settled(page);
  expect(await verdict(page)).toBe(first);
});

test("dragging one tensor's drop rate moves the charts while the slider moves", async ({ page }) => {
  await openApp(page);
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
  await settled(page);

  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByRole("button", { name: "Undo" })).toBeDisabled();
});

test("a pinned recipe leaves its marks and is compared with", async ({ page }) => {
  await openApp(page);
  await page.getByRole("button", { name: "Pin", exact: true }).click();
  await page.getByRole("button", { name: "Presets" }).click();
  await page.getByRole("menuitem", { name: /Simple average/ }).click();
  await settled(page);
  await expect(page.getByRole("region", { name: "Verdict" })).toContainText(/pinned/);
});

async function verdict(page: Page): Promise<string> {
  return (await page.getByRole("region", { name: "Verdict" }).textContent()) ?? "";
}

async function changed(page: Page, before: string): Promise<void> {
  await settled(page);
  await expect.poll(() => verdict(page)).not.toBe(before);
  await settled(page);
}
