import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parseZooJson, zooCard, zooFamily, zooIndex } from "./zoo.ts";

const read = (path: string) => readFileSync(new URL(`../../public/zoo/${path}`, import.meta.url), "utf8");
const vision = () => JSON.parse(read("vision/family.json"));
const parse = (family: unknown) => parseZooJson(zooFamily, JSON.stringify(family), "family.json");

describe("the zoo's descriptions", () => {
  test("that ship are read", () => {
    const { families } = parseZooJson(zooIndex, read("index.json"), "index.json");
    for (const { id, path } of families) {
      expect(parseZooJson(zooFamily, read(`${path}family.json`), "family.json").id).toBe(id);
      const { measured } = parseZooJson(zooCard, read(`${path}card.json`), "card.json");
      expect(measured.expert).toHaveLength(measured.steps.length);
      expect(measured.taskArithmeticLambda).toHaveLength(measured.steps.length);
    }
  });

  test.each([
    [
      "a path out of the folder",
      (family: ReturnType<typeof vision>) => (family.base = "../base.safetensors"),
    ],
    ["another origin", (family: ReturnType<typeof vision>) => (family.base = "https://example.org/base")],
    ["steps out of order", (family: ReturnType<typeof vision>) => family.experts[0].checkpoints.reverse()],
    ["a task that is not listed", (family: ReturnType<typeof vision>) => (family.experts[0].task = "chess")],
    ["a version from the future", (family: ReturnType<typeof vision>) => (family.version = 2)],
  ])("are refused with %s", (_, spoil) => {
    const family = vision();
    spoil(family);
    expect(() => parse(family)).toThrow(expect.objectContaining({ code: "zoo/unavailable" }));
  });

  test("are refused with the field that is wrong", () => {
    const family = { ...vision(), logits: 1 };
    expect(() => parse(family)).toThrow(/^family\.json cannot be read: logits: /);
    expect(() => parseZooJson(zooFamily, "{", "family.json")).toThrow("family.json cannot be read: not JSON");
  });
});
