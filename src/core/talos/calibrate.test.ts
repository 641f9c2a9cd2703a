import { describe, expect, it } from "vitest";
import { quietContext } from "../context.ts";
import { chosen } from "../localise/mask.ts";
import { cornerData, logistic, logisticTensors, logisticWeights } from "../testing/logistic.ts";
import { type CalibrationRound, calibrate, calibrateCost, dimmed, keptShares } from "./calibrate.ts";
import { maskableTensors } from "./maskable.ts";
import { talosSpec } from "./spec.ts";

const base = logisticWeights(1);
const input = { gradients: logistic, base, tensors: logisticTensors, data: cornerData(40) };
const spec = (options: object = {}) => talosSpec.parse({ examples: 20, density: 0.25, ...options });

describe("the schedule of rounds (talos_schedule)", () => {
  it("keeps density^(r / rounds)", () => {
    expect(keptShares(0.1, 4)).toBeAllclose([0.562341, 0.316228, 0.177828, 0.1], { rtol: 1e-5 });
  });
});

describe("calibration", () => {
  it("narrows the choice round by round to exactly the density asked for", async () => {
    const rounds: CalibrationRound[] = [];
    const { mask, density } = await calibrate(input, spec(), quietContext, (round) => rounds.push(round));
    expect(rounds.map(({ density: share }) => share)).toEqual([8 / 12, 6 / 12, 4 / 12, 3 / 12]);
    expect(chosen(mask)).toBe(3);
    expect(density).toBe(0.25);
  });

  it("leaves out tensors that no gradient reaches, which would look least sensitive of all", async () => {
    const { mask, unreached, sensitivity } = await calibrate(input, spec(), quietContext);
    expect(unreached).toEqual(["unused.weight"]);
    expect([...mask.keys()]).toEqual(["fc1.weight"]);
    expect([...sensitivity.keys()]).toEqual(["fc1.weight"]);
  });

  it("chooses the other end for the most sensitive", async () => {
    const one = { rounds: 1 };
    const { mask: least, sensitivity } = await calibrate(input, spec(one), quietContext);
    const { mask: most } = await calibrate(input, spec({ ...one, choose: "most" }), quietContext);
    const scores = [...(sensitivity.get("fc1.weight") ?? [])];
    const of = (mask: typeof least) => scores.filter((_, i) => mask.get("fc1.weight")?.[i]);
    expect(Math.max(...of(least))).toBeLessThan(Math.min(...of(most)));
  });

  it("needs no data for the controls", async () => {
    const data = {
      ...input.data,
      rows: () => {
        throw new Error("no data is read");
      },
    };
    for (const choose of ["random", "magnitude"]) {
      const { mask } = await calibrate({ ...input, data }, spec({ choose }), quietContext);
      expect(chosen(mask)).toBe(4);
    }
    expect(
      calibrateCost(spec({ choose: "random" }), { weights: 16, classes: 3, available: 40 }).gradientPasses,
    ).toBe(0);
  });

  it("gives the same mask for the same seed where labels are drawn", async () => {
    const options = { expectation: "sampled", seed: 5 };
    const run = () => calibrate(input, spec(options), quietContext);
    expect((await run()).mask).toEqual((await run()).mask);
  });

  it("says what it takes before it starts", () => {
    const cost = calibrateCost(spec(), { weights: 12, classes: 3, available: 40 });
    expect(cost).toMatchObject({ examples: 20, passes: 80, gradientPasses: 4 * 20 * 3, rows: 1 });
    const sampled = calibrateCost(spec(), { weights: 12, classes: 26, available: 40 });
    expect(sampled.gradientPasses).toBe(4 * 20);
  });
});

describe("the weights of a later round", () => {
  it("are a tenth where they have lost, and as they were elsewhere", () => {
    const weights = dimmed(
      new Map([
        ["w", Float32Array.of(1, 2)],
        ["b", Float32Array.of(3)],
      ]),
      new Map([["w", Uint8Array.of(1, 0)]]),
      0.1,
    );
    expect([...weights.values()].flatMap((values) => [...values])).toBeAllclose([1, 0.2, 3]);
  });
});

describe("maskable tensors", () => {
  const spec2 = (name: string, ...shape: number[]) => ({ name, shape, dtype: "f32" as const });
  const tensors = [
    spec2("patch_embed.weight", 64, 49),
    spec2("pos_embed", 16, 64),
    spec2("blocks.0.attn.qkv.weight", 192, 64),
    spec2("blocks.0.attn.qkv.bias", 192),
    spec2("blocks.0.norm1.weight", 64),
    spec2("blocks.0.norm1.bias", 64),
    spec2("conv.weight", 8, 1, 3, 3),
    spec2("head.weight", 10, 64),
  ];

  it("are matrices, kernels and norms; not embeddings, positions, heads or biases", () => {
    expect(maskableTensors(tensors)).toEqual([
      "blocks.0.attn.qkv.weight",
      "blocks.0.norm1.weight",
      "blocks.0.norm1.bias",
      "conv.weight",
    ]);
  });

  it("can be told to hold biases too, and to leave others out", () => {
    expect(maskableTensors(tensors, { biases: true, frozen: ["conv.weight"] })).toEqual([
      "blocks.0.attn.qkv.weight",
      "blocks.0.attn.qkv.bias",
      "blocks.0.norm1.weight",
      "blocks.0.norm1.bias",
    ]);
  });
});
