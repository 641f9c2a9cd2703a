import { describe, expect, test } from "vitest";
import { type Known, PredictionStore, reusableRows, type SessionKind } from "./predictions.ts";

const known = (length: number, session: SessionKind = "inputs"): Known => ({
  predictions: new Uint8Array(length),
  session,
  output: "single",
});

describe("known predictions", () => {
  test("give way to those that cover as many rows or more", () => {
    const store = new PredictionStore();
    store.offer("r", "validation", "t", known(64));
    store.offer("r", "validation", "t", known(32, "external"));
    expect(store.get("r", "validation", "t")).toMatchObject({ session: "inputs" });
    store.offer("r", "validation", "t", known(64, "external"));
    expect(store.get("r", "validation", "t")).toMatchObject({ session: "external" });
    expect(store.get("r", "test", "t")).toBeUndefined();
  });

  test("are forgotten when not used for longest", () => {
    const store = new PredictionStore(2);
    store.offer("a", "test", "t", known(1));
    store.offer("b", "test", "t", known(1));
    store.get("a", "test", "t");
    store.offer("c", "test", "t", known(1));
    expect(["a", "b", "c"].map((key) => store.get(key, "test", "t") !== undefined)).toEqual([
      true,
      false,
      true,
    ]);
  });

  test("spare a new evaluation their rows, but a settled one only those of its own arithmetic", () => {
    expect(reusableRows(known(64, "inputs"), "inputs")).toBe(64);
    expect(reusableRows(known(64, "external"), "inputs")).toBe(64);
    expect(reusableRows(known(64, "external"), "external")).toBe(64);
    expect(reusableRows(known(64, "inputs"), "external")).toBe(0);
    expect(reusableRows(undefined, "inputs")).toBe(0);
  });
});
