import { describe, expect, test } from "vitest";
import { twin } from "../tensor/twin.ts";
import { noisy, smallLibrary } from "../testing/small-library.ts";
import { TrainedExperts } from "./trained-experts.ts";

const { base } = smallLibrary([noisy("a.weight", [2, 3], 1), noisy("b.weight", [4], 2)], {});

const open = () => new TrainedExperts({ base, kernels: twin, isTaken: (id) => id === "digits" });
const made = (step: number, run = "run-1") => ({
  run,
  label: "My Digits",
  task: "digits",
  step,
  tensors: new Map([["a.weight", Float32Array.from({ length: 6 }, (_, i) => step + i)]]),
});

describe("experts trained here", () => {
  test("grow by a checkpoint at a time, and take what was not trained from the base", async () => {
    const experts = open();
    await experts.add(made(20));
    const card = await experts.add(made(10));
    expect(card).toMatchObject({ id: "my-digits", task: "digits", source: "trained" });
    expect(card.checkpoints.map(({ step }) => step)).toEqual([10, 20]);
    const model = experts.model("my-digits");
    expect(model?.steps).toEqual([10, 20]);
    const checkpoint = await model?.checkpoint(20);
    expect(await checkpoint?.load("a.weight")).toEqual(Float32Array.of(20, 21, 22, 23, 24, 25));
    expect(await checkpoint?.load("b.weight")).toEqual(await base.load("b.weight"));
    expect(card.checkpoints[1]?.id).toBe(checkpoint?.id);
  });

  test("get ids of their own that never come to mean other weights", async () => {
    const experts = open();
    const ids = [await experts.add(made(1)), await experts.add(made(1, "run-2"))].map(({ id }) => id);
    expect(ids).toEqual(["my-digits", "my-digits-2"]);
    experts.forget("my-digits");
    expect(experts.model("my-digits")).toBeUndefined();
    expect((await experts.add(made(1, "run-3"))).id).toBe("my-digits-3");
    expect((await experts.add({ ...made(1, "run-4"), label: "digits" })).id).toBe("digits-2");
  });

  test("are refused when they do not fit the base or are no numbers", async () => {
    const short = { ...made(1), tensors: new Map([["a.weight", new Float32Array(5)]]) };
    await expect(open().add(short)).rejects.toMatchObject({ code: "model/shape-mismatch" });
    const wild = { ...made(1), tensors: new Map([["a.weight", new Float32Array(6).fill(Number.NaN)]]) };
    await expect(open().add(wild)).rejects.toMatchObject({ code: "model/non-finite" });
  });
});
