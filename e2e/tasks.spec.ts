import type { Page } from "@playwright/test";
import { expect, expectAccessible, openApp, settled, test } from "./app.ts";

const SIDE = 28;

/** Dark strokes on light paper as a table of pixels: across and upright, one row each. */
function strokes(count: number): string {
  const pixel = (row: number, at: number) => {
    const line = 8 + (Math.floor(row / 2) % 12);
    const place = row % 2 === 0 ? Math.floor(at / SIDE) : at % SIDE;
    return place === line || place === line + 1 ? 20 : 240;
  };
  const names = Array.from({ length: SIDE * SIDE }, (_, at) => `p${at}`);
  const rows = Array.from({ length: count }, (_, row) =>
    [row % 2 === 0 ? "across" : "upright", ...names.map((_name, at) => pixel(row, at))].join(","),
  );
  return [["label", ...names].join(","), ...rows].join("\n");
}

async function dropTable(page: Page, name: string, text: string): Promise<void> {
  const buffer = Buffer.from(text);
  await page
    .locator('input[type="file"][aria-label="Open files"]')
    .setInputFiles({ name, mimeType: "text/csv", buffer });
}

test("examples dropped alone become a task that survives another family, and a worker's death", async ({
  page,
}) => {
  test.slow();
  await openApp(page);
  await dropTable(page, "strokes.csv", strokes(48));
  await page.getByRole("button", { name: "Add as a task…" }).click({ timeout: 30_000 });
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText("2 classes: across, upright");
  await expect(dialog.getByRole("switch")).toBeChecked();
  await expectAccessible(page);
  await dialog.getByRole("textbox", { name: "Name" }).fill("Pen strokes");
  await dialog.getByRole("button", { name: "Add task" }).click();
  const results = page.getByRole("region", { name: "Results" });
  const hasTask = async () => {
    await expect(results).toContainText("5 tasks", { timeout: 30_000 });
    await expect(results).toContainText("Pen strokes");
    await settled(page);
  };
  await hasTask();

  const families = page.getByRole("radiogroup", { name: "Models" });
  await families.getByText("Sparse zoo").click();
  await expect(results).not.toContainText("Pen strokes", { timeout: 30_000 });
  await settled(page);
  await families.getByText("Vision zoo").click();
  await hasTask();

  const worker = page.workers().find((candidate) => candidate.url().includes("eval.worker"));
  await worker?.evaluate(() => {
    setTimeout(() => {
      throw new Error("out of luck");
    });
  });
  await expect(page.getByRole("region", { name: "Notices" })).toContainText("A worker stopped");
  await hasTask();
});

test("examples that do not fit say why, and change nothing", async ({ page }) => {
  await openApp(page);
  await dropTable(page, "texts.csv", "text,label\nhello,a\nbye,b\n");
  const notices = page.getByRole("region", { name: "Notices" });
  await expect(notices).toContainText("holds examples of texts");
  await dropTable(page, "broken.csv", strokes(9).replace(/240$/, "dark"));
  await expect(notices).toContainText("on line 10");
  await expect(page.getByRole("region", { name: "Results" })).toContainText("4 tasks");
});
