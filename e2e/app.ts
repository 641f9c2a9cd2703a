/** What every spec needs: a page that fails the test on any request off the origin, and words for common steps. */
import { readFile } from "node:fs/promises";
import AxeBuilder from "@axe-core/playwright";
import { test as base, expect, type Locator, type Page, type Worker } from "@playwright/test";

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

/**
 * Opens the app and waits until the workers have merged the recipe on screen. Numbers come later: a test waits for
 * those that it is about, since a whole validation split with its baselines costs three times what all before it does.
 */
export async function openApp(page: Page, path = "/"): Promise<void> {
  await page.goto(path);
  await merged(page);
}

/** Waits until the recipe on screen is merged and can be saved. */
export async function merged(page: Page): Promise<void> {
  await expectPhase(page, /^(quick|settling|settled)$/);
}

/** Waits until the quick subset of validation has been measured, with its baselines. */
export async function measured(page: Page): Promise<void> {
  await expectPhase(page, /^(settling|settled)$/);
}

/** Waits until the status bar says that all of validation has been measured. */
export async function settled(page: Page): Promise<void> {
  await expectPhase(page, "settled");
}

async function expectPhase(page: Page, phase: string | RegExp): Promise<void> {
  await expect(page.locator("[data-phase]")).toHaveAttribute("data-phase", phase, { timeout: 60_000 });
}

/** The sentence that the page says of its numbers. */
export function verdict(page: Page): Locator {
  return page.getByRole("region", { name: "Verdict" });
}

/** The merge's share of the experts' accuracy in percent; the last known one while newer numbers are on their way. */
export async function score(page: Page): Promise<number> {
  return scoreIn(verdict(page));
}

async function scoreIn(sentence: Locator): Promise<number> {
  return Number(/([\d.]+)\s*%/.exec((await sentence.textContent()) ?? "")?.[1]);
}

/**
 * Does what is asked and waits until the page shows other numbers than before: quick ones, since those before have
 * come to the end of the quick subset and could only be followed by settled ones.
 */
export async function changesScore(page: Page, act: () => Promise<void>): Promise<void> {
  await measured(page);
  const before = await score(page);
  await act();
  const quick = verdict(page).and(page.locator("[data-hollow=true]"));
  await expect.poll(() => scoreIn(quick), { timeout: 60_000 }).not.toBe(before);
}

/** Moves λ up by ten steps. */
export async function raiseLambda(page: Page): Promise<void> {
  await page.getByRole("slider", { name: "λ" }).press("PageUp");
}

export interface File {
  readonly name: string;
  readonly body: Buffer | string;
}

/** Opens files as if they were dropped. */
export async function drop(page: Page, ...files: readonly File[]): Promise<void> {
  await page
    .locator('input[type="file"][aria-label="Open files"]')
    .setInputFiles(files.map(({ name, body }) => ({ name, mimeType: "", buffer: Buffer.from(body) })));
}

/** The file that the page saves on being asked so. */
export async function saved(
  page: Page,
  act: () => Promise<void>,
): Promise<{ readonly name: string; readonly body: Buffer }> {
  const [download] = await Promise.all([page.waitForEvent("download"), act()]);
  return { name: download.suggestedFilename(), body: await readFile(await download.path()) };
}

/** The save dialog, opened where it is not. */
export async function saveDialog(page: Page): Promise<Locator> {
  const dialog = page.getByRole("dialog", { name: "Save", exact: true });
  if (!(await dialog.isVisible())) await page.keyboard.press("Control+s");
  await expect(dialog).toBeVisible();
  return dialog;
}

/** A worker of the page, by the name of its file. */
export function workerOf(page: Page, name: "models" | "eval" | "optimise"): Worker {
  const worker = page.workers().find((candidate) => candidate.url().includes(`${name}.worker`));
  if (!worker) throw new Error(`no ${name} worker`);
  return worker;
}

/** Has a worker fail of itself, and waits until the page says so. */
export async function crash(page: Page, name: "models" | "eval" | "optimise"): Promise<void> {
  await workerOf(page, name).evaluate(() => {
    setTimeout(() => {
      throw new Error("out of luck");
    });
  });
  await expect(page.getByRole("region", { name: "Notices" })).toContainText("A worker stopped");
}

/** Fails on any accessibility problem that axe finds. */
export async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(
    violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(" ")).join(", ")}`),
  ).toEqual([]);
}
