import { expect, test } from "vitest";
import { durationText } from "./duration.ts";

test("says spans with two units at most", () => {
  const said = [0.2, 1.4, 42, 99, 100, 130, 600, 3599, 3600, 7500].map((s) => durationText(s, "en"));
  expect(said).toEqual([
    "under a second",
    "1 s",
    "42 s",
    "99 s",
    "1 min 40 s",
    "2 min 10 s",
    "10 min",
    "1 h",
    "1 h",
    "2 h 5 min",
  ]);
});

test("never says sixty seconds", () => {
  expect(durationText(119.6, "en")).toBe("2 min");
  expect(durationText(599, "ja")).toBe("10 分");
});
