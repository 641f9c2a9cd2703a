import { expect, it } from "vitest";
import { csvOf } from "./csv.ts";

const date = new Date("2026-01-02T03:04:05Z");
const origin = { recipeKey: "abc", sample: "validation, settled, n = 1,000 per task" };

it("carries the recipe, the sample and the date on every row", () => {
  const text = csvOf(
    {
      columns: ["task", "accuracy"],
      rows: [
        ["digits", 0.931],
        ["clothes", undefined],
      ],
    },
    origin,
    date,
  );
  expect(text).toBe(
    "task,accuracy,recipe,sample,date\r\n" +
      'digits,0.931,abc,"validation, settled, n = 1,000 per task",2026-01-02T03:04:05.000Z\r\n' +
      'clothes,,abc,"validation, settled, n = 1,000 per task",2026-01-02T03:04:05.000Z\r\n',
  );
});

it("quotes what would break a row", () => {
  const [, row] = csvOf(
    { columns: ["a"], rows: [['say "no",\nplease']] },
    { recipeKey: "", sample: "" },
    date,
  ).split("\r\n");
  expect(row).toContain('"say ""no"",\nplease"');
});

it("keeps a label that looks like a formula from being run, and a negative number a number", () => {
  const text = csvOf({ columns: ["a", "b"], rows: [["=1+1", -0.5]] }, { recipeKey: "", sample: "" }, date);
  expect(text).toContain("'=1+1,-0.5,");
});

it("leaves what is no finite number empty", () => {
  const text = csvOf({ columns: ["a"], rows: [[Number.NaN]] }, { recipeKey: "k", sample: "s" }, date);
  expect(text.split("\r\n")[1]).toMatch(/^,k,s,/);
});
