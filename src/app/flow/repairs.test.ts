import { beforeEach, describe, expect, test } from "vitest";
import { AppError } from "#core/errors.ts";
import { type AppStore, createAppStore } from "../store.ts";
import { takeOffer } from "./own.ts";
import { againWith, offerOwnRepair, offerRepair, takeRepair, withDecided } from "./repairs.ts";

const given = (path: string) => ({ path, file: new File([], path) });
const details = { file: "m/e.safetensors", nan: 2, infinite: 1, count: 1, tensors: ["w: 2 NaN, 1 ±∞ / 8"] };
const refusal = { file: "m/e.safetensors", code: "model/non-finite", message: "no numbers", details };
const files = ["m/e.safetensors", "m/adapter_config.json", "other.safetensors"].map(given);
let store: AppStore;

beforeEach(() => {
  store = createAppStore();
});

describe("a refused file with entries that are no numbers", () => {
  test("becomes a question with both ways out, and a third that leaves it", () => {
    expect(offerRepair(store, files, refusal)).toBe(true);
    const [notice] = store.getState().notices;
    expect(notice).toMatchObject({ kind: "offer", subject: "m/e.safetensors", report: { nan: 2, count: 1 } });
    expect(notice?.actions?.map((one) => [one.kind, "by" in one && one.by])).toEqual([
      ["repair", "base"],
      ["repair", "zero"],
      ["leave-out", false],
    ]);
  });

  test("is opened with what belongs to it, and nothing else of the drop", () => {
    offerRepair(store, files, refusal);
    const [action] = store.getState().notices[0]?.actions ?? [];
    if (action?.kind !== "repair") throw new Error("no offer");
    expect(takeRepair(action.offer, "base")).toEqual([{ ...files[0], nonFinite: "base" }, files[1]]);
    expect(takeRepair(-1, "base")).toBeUndefined();
  });

  test("is told as an error where it was refused for something else", () => {
    expect(offerRepair(store, files, { ...refusal, code: "model/dtype" })).toBe(false);
    expect(offerRepair(store, files, { ...refusal, details: {} })).toBe(false);
    expect(store.getState().notices).toEqual([]);
  });

  test("is remembered as it was decided, under each policy once", () => {
    const decided = againWith(files, "m/e.safetensors", "zero") ?? [];
    const once = withDecided(files, decided);
    expect(once.map(({ path, nonFinite }) => [path, nonFinite])).toEqual([
      ["other.safetensors", undefined],
      ["m/e.safetensors", "zero"],
      ["m/adapter_config.json", undefined],
    ]);
    const both = withDecided(once, againWith(once, "m/e.safetensors", "base") ?? []);
    expect(both.map(({ nonFinite }) => nonFinite)).toEqual([undefined, "zero", "base", undefined]);
    expect(withDecided(both, againWith(both, "m/e.safetensors", "base") ?? [])).toHaveLength(4);
  });
});

test("one's own base can be opened with zeros there, once", () => {
  const source = { id: "own:1", base: "m/e.safetensors", files, options: {} };
  const error = new AppError("model/non-finite", "no numbers", details);
  expect(offerOwnRepair(store, source, error)).toBe(true);
  const [action] = store.getState().notices[0]?.actions ?? [];
  if (action?.kind !== "open-own") throw new Error("no offer");
  const taken = takeOffer(action.offer);
  expect(taken?.files[0]).toEqual({ ...files[0], nonFinite: "zero" });
  expect(offerOwnRepair(store, taken!, error)).toBe(false);
  expect(offerOwnRepair(store, source, new AppError("eval/graph", "other"))).toBe(false);
});
