import { describe, expect, test } from "vitest";
import { arithmetic } from "../testing/small-merge.ts";
import { findExperts } from "./find-experts.ts";

const content = (digit: string) => `sha256:${digit.repeat(64)}`;
const hidden = {
  ...arithmetic,
  experts: [
    { id: "expert-1", weight: 1, enabled: true, step: 7 },
    { id: "expert-2", weight: 1, enabled: true },
  ],
  rules: [{ match: { glob: "head.*" }, experts: ["expert-2"], set: { weight: 0 } }],
};
const inputs = {
  base: arithmetic.base,
  experts: { "expert-1": { step: 7, id: content("1") }, "expert-2": { step: 20, id: content("2") } },
};

describe("experts of a recipe", () => {
  test("are found by content under their names here, in rules too, at the step that they have here", () => {
    const found = findExperts(hidden, inputs, [
      { id: "dogs", checkpoints: [{ step: 20, id: content("2") }] },
      { id: "cats", checkpoints: [{ step: 5 }, { step: 8, id: content("1") }] },
    ]);
    expect(found.experts).toEqual([
      { id: "cats", weight: 1, enabled: true, step: 8 },
      { id: "dogs", weight: 1, enabled: true },
    ]);
    expect(found.rules[0]?.experts).toEqual(["dogs"]);
  });

  test("keep ids that are open, whatever lies under them, and names of what is found nowhere", () => {
    const open = [{ id: "expert-1", checkpoints: [{ step: 7, id: content("3") }] }];
    expect(findExperts(hidden, inputs, open)).toBe(hidden);
  });
});
