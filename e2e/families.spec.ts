import { expect, expectAccessible, measured, openApp, test } from "./app.ts";

test("other families open on demand: adapters of a language model, experts with few weights", async ({
  page,
}) => {
  await openApp(page);
  for (const name of ["Text zoo", "Sparse zoo", "Vision zoo"]) {
    await page.getByRole("radio", { name }).check({ force: true });
    await expect(page.getByRole("banner")).toContainText(name);
    await measured(page);
  }
});

test("regions and task arithmetic have places of their own", async ({ page }) => {
  await openApp(page);
  for (const name of ["Masks", "Add & negate"]) {
    await page.getByRole("tab", { name }).click();
    await expect(page.getByRole("tabpanel", { name }).getByRole("heading").first()).toBeVisible();
    await expectAccessible(page);
  }
});
