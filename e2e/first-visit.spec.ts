import { expect, expectAccessible, openApp, score, settled, test, verdict } from "./app.ts";

test("a newcomer sees four experts and filled charts before the workers answer", async ({ page }) => {
  await page.route("**/*.worker-*.js", async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 3000));
    await route.continue();
  });
  await page.goto("/");
  await expect(page.getByRole("slider", { name: /^Stop step of/ })).toHaveCount(4);
  await expect(verdict(page)).toContainText("of the experts’ accuracy", { timeout: 2500 });
  await expect(page.locator("[data-phase]")).toHaveAttribute("data-phase", "starting");
});

test("live numbers replace the shipped ones, settle at the same values and can be read by all", async ({
  page,
}) => {
  await page.goto("/");
  const shipped = await score(page);
  await settled(page);
  // Two runtimes round differently in the last bit: at most an example or two of thousands may flip.
  expect(Math.abs((await score(page)) - shipped)).toBeLessThanOrEqual(0.2);
  await expect(page.getByText("0 requests off this origin")).toBeVisible();
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    await expectAccessible(page);
  }
  await page.getByRole("button", { name: "Language" }).click();
  await page.getByRole("menuitemradio", { name: "日本語" }).click();
  await expect(page.getByRole("heading", { name: "レシピ" })).toBeVisible();
});

test("everything is reachable at 400 px, in English and in Japanese, which a reload keeps", async ({
  page,
}) => {
  await page.setViewportSize({ width: 400, height: 800 });
  await openApp(page);
  await expect(verdict(page)).toBeVisible();
  const expectRoom = async (tab: string) => {
    await page.getByRole("tab", { name: tab, exact: true }).click();
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(overflow, `horizontal overflow in ${tab}`).toBeLessThanOrEqual(0);
  };
  for (const tab of ["Library", "Recipe", "Results"]) {
    await expectRoom(tab);
    await expectAccessible(page);
  }

  await page.getByRole("button", { name: "More actions" }).click();
  await page.getByRole("menuitemradio", { name: "日本語" }).click();
  await expect(page.locator("html")).toHaveAttribute("lang", "ja");
  for (const tab of ["ライブラリ", "レシピ", "結果"]) await expectRoom(tab);
  await page.reload();
  await expect(page.getByRole("tab", { name: "レシピ" })).toBeVisible();
});
