import { expect, test } from "vitest";
import { workCards } from "./work-cards.ts";

test.each(Object.entries(workCards))("offers a start for every option of %s", (_, { controls, defaults }) => {
  expect(controls.length).toBeGreaterThan(0);
  for (const { key, kind, initial } of controls) {
    expect(defaults[key]).toBe(initial);
    expect(typeof initial).toBe(kind === "number" ? "number" : kind === "switch" ? "boolean" : "string");
  }
});

test("names a paper for everything but plain fine-tuning", () => {
  const without = Object.entries(workCards).filter(([, { source }]) => source === undefined);
  expect(without.map(([id]) => id)).toEqual(["train"]);
});
