import { expect, expectAccessible, openApp, test } from "./app.ts";

test("a newcomer sees four experts and filled charts before the workers answer", async ({ page }) => {
  await page.route("**/*.worker-*.js", async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 3000));
    await route.continue();
  });
  await page.goto("/");
  await expect(page.getByRole("slider", { name: /^Stop step of/ })).toHaveCount(4);
  const verdict = page.getByRole("region", { name: "Verdict" });
  await expect(verdict).toContainText("of the experts’ accuracy", { timeout: 2500 });
  await expect(page.locator("[data-phase]")).toHaveAttribute("data-phase", "starting");
});

test("live numbers replace the shipped ones and settle at the same values", async ({ page }) => {
  await page.goto("/");
  const verdict = page.getByRole("region", { name: "Verdict" });
  const shipped = await verdict.textContent();
  await openApp(page);
  const live = await verdict.textContent();
  // Two runtimes round differently in the last bit: at most an example or two of thousands may flip.
  expect(Math.abs(percent(live) - percent(shipped))).toBeLessThanOrEqual(0.2);
  await expect(page.getByText("0 requests off this origin")).toBeVisible();
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`the settled page has no accessibility problem (${colorScheme})`, async ({ page }) => {
    await page.emulateMedia({ colorScheme });
    await openApp(page);
    await expectAccessible(page);
  });
}

test("everything is reachable at 400 px", async ({ page }) => {
  await page.setViewportSize({ width: 400, height: 800 });
  await openApp(page);
  await expect(page.getByRole("region", { name: "Verdict" })).toBeVisible();
  for (const tab of ["Library", "Recipe", "Results"]) {
    await page.getByRole("tab", { name: tab }).click();
    await expectAccessible(page);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(overflow, `horizontal overflow in ${tab}`).toBeLessThanOrEqual(0);
  }
});

test("the page speaks Japanese", async ({ page }) => {
  await openApp(page);
  await page.getByRole("button", { name: "Language" }).click();
  await page.getByRole("menuitemradio", { name: "日本語" }).click();
  await expect(page.locator("html")).toHaveAttribute("lang", "ja");
  await expect(page.getByRole("heading", { name: "レシピ" })).toBeVisible();
  await page.reload();
  await expect(page.getByRole("heading", { name: "レシピ" })).toBeVisible();
});

function percent(text: string | null): number {
  return Number(/([\d.]+)\s*%/.exec(text ?? "")?.[1]);
}
