import { describe, expect, it } from "vitest";
import type { DType } from "../tensor/dtype.ts";
import { alignTensors, requireExpert, sameTensors, type Tensors } from "./align.ts";

/** tensors({ "a.weight": [2, 3], "n": ["i64"] }): an entry's text items are its dtype. */
function tensors(entries: Readonly<Record<string, readonly (number | DType)[]>>): Tensors {
  return new Map(
    Object.entries(entries).map(([name, items]) => {
      const dtype = items.find((item) => typeof item === "string") ?? "f32";
      const shape = items.filter((item) => typeof item === "number");
      return [name, { name, dtype, shape }];
    }),
  );
}

const base = tensors({ "a.weight": [2, 3], "a.bias": [2, "f16"], "head.weight": [5, 2], seen: ["i64"] });

describe("alignTensors", () => {
  it("puts every tensor in one list", () => {
    const candidate = tensors({ "a.weight": [3, 2], "a.bias": [2, "bf16"], seen: ["f32"], more: [1] });
    expect(alignTensors(base, candidate)).toEqual({
      matched: ["a.bias"],
      missing: ["head.weight"],
      extra: ["more"],
      reshaped: [{ name: "a.weight", base: [2, 3], candidate: [3, 2] }],
      incompatible: [{ name: "seen", base: "i64", candidate: "f32" }],
    });
  });

  it("tells whether both are the same network", () => {
    expect(sameTensors(base, base)).toBe(true);
    expect(sameTensors(base, tensors({ "a.weight": [2, 3] }))).toBe(false);
  });
});

describe("requireExpert", () => {
  const whole = { "a.weight": [2, 3], "a.bias": [2], "head.weight": [5, 2] };

  it("takes an expert in another float type and without the base's integers", () => {
    expect(requireExpert(base, tensors(whole), "e.safetensors")).toEqual([]);
  });

  it("warns of a missing head and of tensors that the base does not have", () => {
    const { "head.weight": _, ...trunk } = whole;
    expect(requireExpert(base, tensors({ ...trunk, W: [1], mu: [1] }), "e.safetensors")).toEqual([
      "It has no head; the base's is kept: head.weight.",
      "The base does not have W, mu; the merge leaves them out.",
    ]);
  });

  it.each([
    [{ "a.weight": [2, 3] }, "model/missing-tensors", "lacks one of the base's tensors: a.bias."],
    [
      { ...whole, "a.weight": [2, 4] },
      "model/shape-mismatch",
      "a.weight is [2, 4] and [2, 3] in the base. An expert",
    ],
    [{ ...whole, "a.weight": [3, 2] }, "model/shape-mismatch", "The shapes are swapped"],
    [{ ...whole, "head.weight": [6, 2] }, "model/shape-mismatch", "head.weight is [6, 2]"],
    [{ ...whole, "a.weight": [2, 3, "i32"] }, "model/dtype", "a.weight is i32 and f32 in the base"],
    [
      Object.fromEntries(Object.entries(whole).map(([name, shape]) => [`module.${name}`, shape])),
      "model/missing-tensors",
      "Its names begin with “module.”",
    ],
  ] satisfies [Record<string, readonly (number | DType)[]>, string, string][])(
    "refuses %o",
    (candidate, code, words) => {
      expect(() => requireExpert(base, tensors(candidate), "e.safetensors")).toThrow(
        expect.objectContaining({ code, message: expect.stringContaining(words) }),
      );
    },
  );

  it("names three tensors and counts the rest", () => {
    const many = tensors(Object.fromEntries(Array.from({ length: 9 }, (_, i) => [`blocks.${i}.w`, [2, 2]])));
    expect(() => requireExpert(many, tensors({}), "e")).toThrow(
      "blocks.0.w, blocks.1.w, blocks.2.w and 6 more",
    );
  });
});
