import { describe, expect, it } from "vitest";
import { sigmoid } from "../train/mask-logits.ts";
import { initialLogits } from "./dataless.ts";
import { applyStep, maskOf, strongest } from "./logits.ts";

/** las_step: S, Σ G ⊙ τ, lr 10⁷, λ 1, as worked in methods.md. */
const start = [5, -5, -5, 0.1];
const slope = [2e-6, -1e-6, -2e-6, 0];

function stepped(regulariser: "paper" | "official"): Float32Array {
  const logits = Float32Array.from(start);
  const gradient = slope.map((value, i) => value * sigmoid(start[i]) * (1 - sigmoid(start[i])));
  applyStep(logits, gradient, { rate: 1e7, strength: 1, regulariser });
  return logits;
}

describe("a step of the mask's logits", () => {
  it("pushes each to its own side as the official code does", () => {
    expect(stepped("official")).toBeAllclose([4.873687, -4.940167, -4.873687, 0.349376]);
  });

  it("pushes all down as the paper does", () => {
    expect(stepped("paper")).toBeAllclose([4.860391, -4.940167, -4.873687, -0.149376]);
  });
});

describe("the mask of logits", () => {
  const logits = new Map([
    ["a", Float32Array.of(2, -1, 0.5)],
    ["b", Float32Array.of(0, 3)],
  ]);
  const bits = (mask: ReadonlyMap<string, Uint8Array>) => [...mask.values()].map((values) => [...values]);

  it("chooses the positive ones; 0 is none, as round(σ(0)) is", () => {
    expect(bits(maskOf(logits))).toEqual([
      [1, 0, 1],
      [0, 1],
    ]);
  });

  it("keeps the strongest where there is a limit", () => {
    expect(bits(maskOf(logits, 2))).toEqual([
      [1, 0, 0],
      [0, 1],
    ]);
  });

  it("ranks negative logits below positive ones", () => {
    expect(bits(strongest(logits, 4))).toEqual([
      [1, 0, 1],
      [1, 1],
    ]);
  });

  it("starts at plus the bias in the region of the largest changes", () => {
    const delta = new Map([["a", Float32Array.of(1, -4, 2)]]);
    expect([...(initialLogits(delta, { density: 0.4, bias: 3 }).get("a") ?? [])]).toEqual([-3, 3, -3]);
  });
});
