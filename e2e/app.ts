/** What every spec needs: a page that fails the test on any request off the origin, and words for common steps. */
import AxeBuilder from "@axe-core/playwright";
import { test as base, expect, type Page } from "@playwright/test";

export { expect };

export const test = base.extend<{ page: Page }>({
  page: async ({ page, baseURL }, use) => {
    const trouble: string[] = [];
    page.on("request", (request) => {
      const url = request.url();
      if (!url.startsWith(baseURL ?? "") && !/^(data|blob):/.test(url))
        trouble.push(`off the origin: ${url}`);
    });
    page.on("pageerror", (error) => trouble.push(`page error: ${error.message}`));
    page.on("console", (message) => {
      if (message.type() === "error" && /Content.Security.Policy/i.test(message.text()))
        trouble.push(message.text());
    });
    await use(page);
    expect(trouble).toEqual([]);
  },
});

/** Opens the app and waits for the settled evaluation of the recipe on screen. */
export async function openApp(page: Page, path = "/"): Promise<void> {
  await page.goto(path);
  await settled(page);
}

/** Waits until the status bar says that all of validation has been measured. */
export async function settled(page: Page): Promise<void> {
  await expect(page.locator("[data-phase]")).toHaveAttribute("data-phase", "settled", { timeout: 60_000 });
}

/** Fails on any accessibility problem that axe finds. */
export async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(
    violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(" ")).join(", ")}`),
  ).toEqual([]);
}
