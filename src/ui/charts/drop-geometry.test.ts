import { describe, expect, it } from "vitest";
import { fixtureRecipe, fixtureTensors } from "../testing/fixture.ts";
import { fixtureSummary } from "../testing/fixture-merge.ts";
import { blockSpans, dropOf, type ProfileTensor, profileOf, stepPath, tensorAt } from "./drop-geometry.ts";

const box = { left: 0, right: 100, top: 0, bottom: 50 };

function tensor(density: number, keep?: string): ProfileTensor {
  const site = { expert: "a", density, aim: density, kept: 1, by: "param", weight: 1 } as const;
  return { name: `t${density}`, block: "", keep, sites: new Map([["a", site]]) };
}

describe("the step line", () => {
  it("has one step per tensor, dropped share upwards", () => {
    expect(stepPath(box, [tensor(1), tensor(0.5)], "a")).toBe("M0,50H50V25H100");
  });

  it("breaks where a tensor is not merged", () => {
    expect(stepPath(box, [tensor(0), tensor(0, "base"), tensor(0)], "a")).toBe("M0,0H33.3M66.7,0H100");
  });

  it("is empty for an expert that was not merged", () => {
    expect(stepPath(box, [tensor(1)], "b")).toBe("");
  });
});

describe("the profile", () => {
  const tensors = fixtureTensors();
  const profile = profileOf(tensors.toReversed(), fixtureSummary(tensors, fixtureRecipe).tensors);

  it("is in depth order whatever the order of the list", () => {
    expect(profile.map(({ name }) => name)).toEqual(tensors.map(({ name }) => name));
  });

  it("holds what was dropped in truth, not what was aimed at", () => {
    const norm = profile.find(({ name }) => name === "blocks.0.norm1.weight");
    expect(norm && dropOf(norm, "digits")).toBeCloseTo(1 - 12 / 64, 12); // 0.2 · 64 entries, rounded down
  });

  it("groups blocks that follow each other", () => {
    expect(blockSpans(profile).map(({ name, from, to }) => `${name}:${to - from}`)).toEqual([
      ":3",
      "blocks.0:12",
      "blocks.1:12",
      "blocks.2:12",
      "blocks.3:12",
      ":2",
    ]);
  });
});

it("finds the tensor under the pointer and none beside the plot", () => {
  expect(tensorAt({ ...box, left: 10, right: 110 }, 10, 4)).toBe(0);
  expect(tensorAt({ ...box, left: 10, right: 110 }, 109.9, 4)).toBe(3);
  expect(tensorAt({ ...box, left: 10, right: 110 }, 9, 4)).toBeUndefined();
  expect(tensorAt({ ...box, left: 10, right: 110 }, 111, 4)).toBeUndefined();
});
