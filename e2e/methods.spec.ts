import type { Page } from "@playwright/test";
import {
  changesScore,
  expect,
  expectAccessible,
  measured,
  openApp,
  raiseLambda,
  test,
  verdict,
} from "./app.ts";

test("a method that needs measurements says so, takes them, and the merge goes on by itself", async ({
  page,
}) => {
  await openApp(page);
  await choose(page, /^RegMean/);
  await expect(page.getByText(/needs Gram matrices of layer inputs of 4 experts: /)).toBeVisible();
  await expectWaiting(page);
  await page.getByRole("button", { name: "Measure now" }).click();
  await measured(page);
  await expect(page.getByText(/needs Gram matrices/)).toHaveCount(0);
  await expect(verdict(page)).toContainText("of the experts’ accuracy");
});

test("DOGE is optimised step by step, stopped where one likes, follows λ as it is, and goes on from there", async ({
  page,
}) => {
  await openApp(page);
  await choose(page, /^DOGE/);
  const steps = page.getByRole("textbox", { name: "Steps", exact: true });
  await steps.fill("2000");
  await steps.press("Enter");
  await page.getByRole("button", { name: "Pause", exact: true }).click();
  const bar = page.getByRole("group", { name: "Optimisation" });
  await expect(bar).toContainText(/Paused at step [\d,]+ of 2,000/);
  await expectWaiting(page);
  await expectAccessible(page);
  const taken = /step ([\d,]+) of/.exec((await bar.textContent()) ?? "")?.[1] ?? "";

  await page.getByRole("button", { name: "Stop here" }).click();
  await expect(bar).toContainText(`Optimised in ${taken} steps`);
  await expect(steps).toHaveValue(taken.replace(",", ""));
  await expect(page.getByText(/^The loss fell from/)).toBeVisible();
  await expect(page.getByRole("figure", { name: "Loss" })).toBeVisible();

  const states = await watchPass(page);
  await changesScore(page, () => raiseLambda(page));
  expect(await states()).toEqual(["done"]);
  await expect(bar).toContainText(`Optimised in ${taken} steps`);
  await expectAccessible(page);

  await page.keyboard.press("Control+z");
  await page.keyboard.press("Control+z");
  await expect(steps).toHaveValue("2000");
  await expect(bar).toContainText("Optimised in 2,000 steps");
  expect((await states()).length).toBeGreaterThan(1);
});

async function choose(page: Page, method: RegExp): Promise<void> {
  await page.getByRole("button", { name: /^Method:/ }).click();
  await page.getByRole("option", { name: method }).click();
}

async function expectWaiting(page: Page): Promise<void> {
  await expect(page.locator("[data-phase]")).toHaveAttribute("data-phase", "waiting");
}

/** Watches in which states the optimisation is from now on, and gives a function that tells. */
async function watchPass(page: Page): Promise<() => Promise<readonly string[]>> {
  const seen = await page.evaluateHandle(() => {
    const states: string[] = [];
    const look = () => {
      const state = document.querySelector("[data-pass]")?.getAttribute("data-pass") ?? "none";
      if (states.at(-1) !== state) states.push(state);
    };
    look();
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true, attributes: true });
    return states;
  });
  return () => seen.jsonValue();
}
