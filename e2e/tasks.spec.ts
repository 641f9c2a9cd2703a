import {
  changesScore,
  crash,
  drop,
  expect,
  expectAccessible,
  measured,
  merged,
  openApp,
  raiseLambda,
  test,
} from "./app.ts";

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

test("examples dropped alone become a task that survives another family, and a worker's death", async ({
  page,
}) => {
  await openApp(page);
  await drop(page, { name: "strokes.csv", body: strokes(48) });
  await page.getByRole("button", { name: "Add as a task…" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText("2 classes: across, upright");
  await expect(dialog.getByRole("switch")).toBeChecked();
  await expectAccessible(page);
  await dialog.getByRole("textbox", { name: "Name" }).fill("Pen strokes");
  await dialog.getByRole("button", { name: "Add task" }).click();
  const results = page.getByRole("region", { name: "Results" });
  const hasTask = async () => {
    await expect(results).toContainText("5 tasks");
    await expect(results).toContainText("Pen strokes");
    await measured(page);
  };
  await hasTask();

  const families = page.getByRole("radiogroup", { name: "Models" });
  await families.getByText("Sparse zoo").click();
  await expect(results).not.toContainText("Pen strokes");
  await merged(page);
  await families.getByText("Vision zoo").click();
  await hasTask();

  await crash(page, "eval");
  await hasTask();
  await changesScore(page, () => raiseLambda(page));
});

test("examples that do not fit say why, and change nothing", async ({ page }) => {
  await openApp(page);
  await drop(page, { name: "texts.csv", body: "text,label\nhello,a\nbye,b\n" });
  const notices = page.getByRole("region", { name: "Notices" });
  await expect(notices).toContainText("holds examples of texts");
  await drop(page, { name: "broken.csv", body: strokes(9).replace(/240$/, "dark") });
  await expect(notices).toContainText("on line 10");
  await expect(page.getByRole("region", { name: "Results" })).toContainText("4 tasks");
});
