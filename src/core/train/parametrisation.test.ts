import { describe, expect, it } from "vitest";
import { wave } from "../testing/onnx-graph.ts";
import { smallNet, smallWeights } from "../testing/small-training.ts";
import { coefficients } from "./coefficients.ts";
import { dense } from "./dense.ts";
import { lora } from "./lora.ts";
import { maskLogits } from "./mask-logits.ts";
import type { Parametrisation } from "./parametrisation.ts";
import { parametrise, transposedWeights } from "./parametrise.ts";
import { trainSpec } from "./spec.ts";

const { weights: specs } = smallNet;
const base = smallWeights();
const start = { specs, base };
const delta = (seed: number) => {
  const vector = smallWeights(seed);
  vector.delete("a.bias");
  return vector;
};

/** L = Σ c · w + ½ Σ w²: its gradient by w is c + w. */
function lossOf(weights: ReadonlyMap<string, Float32Array>): number {
  let loss = 0;
  specs.forEach(({ name }, seed) => {
    const values = weights.get(name)!;
    const slope = wave(values.length, seed + 50);
    values.forEach((w, i) => {
      loss += slope[i] * w + (w * w) / 2;
    });
  });
  return loss;
}

function gradientsOf(weights: ReadonlyMap<string, Float32Array>): Map<string, Float32Array> {
  return new Map(
    specs.map(({ name }, seed) => {
      const values = weights.get(name)!;
      const slope = wave(values.length, seed + 50);
      return [name, values.map((w, i) => slope[i] + w)];
    }),
  );
}

/** Compares `pull` with central differences of the loss along every parameter. */
function checkChainRule(form: Parametrisation, params: Float32Array): void {
  const numeric = new Float32Array(form.size);
  const h = 1e-2;
  for (let i = 0; i < form.size; i++) {
    const at = (step: number) => {
      const moved = params.slice();
      moved[i] += step;
      return lossOf(form.weights(moved));
    };
    numeric[i] = (at(h) - at(-h)) / (2 * h);
  }
  const pulled = new Float32Array(form.size);
  const all = gradientsOf(form.weights(params));
  form.pull(new Map(form.wrt.map((name) => [name, all.get(name)!])), pulled);
  // The weights are f32: their rounding over h.
  expect(pulled).toBeAllclose(numeric, { rtol: 2e-3, atol: 2e-4 });
}

describe("what is trained", () => {
  it.each<[string, Parametrisation]>([
    ["all weights", dense(start)],
    ["tensors by glob", dense({ ...start, targets: ["a.*"] })],
    ["LoRA", lora({ ...start, rank: 2, alpha: 4, seed: 1, targets: ["*.weight"] })],
    [
      "LoRA of a transposed matrix",
      lora({
        ...start,
        rank: 2,
        alpha: 4,
        seed: 1,
        targets: ["*.weight"],
        transposed: new Set(["b.weight"]),
      }),
    ],
    ["mask logits", maskLogits({ ...start, deltas: delta(2), start: (_, tau) => tau.map((x) => 3 * x) })],
    [
      "a coefficient per task",
      coefficients({ ...start, deltas: [delta(2), delta(3)], per: "task", start: 0.3 }),
    ],
    [
      "a coefficient per tensor",
      coefficients({ ...start, deltas: [delta(2), delta(3)], per: "tensor", start: 0.3 }),
    ],
  ])("pulls the weights' gradient back to its parameters: %s", (_, form) => {
    const noise = wave(form.size, 9);
    checkChainRule(
      form,
      form.initial().map((value, i) => value + noise[i] / 4),
    );
  });

  it("starts from the base, but for mask logits and coefficients", () => {
    for (const form of [dense(start), lora({ ...start, rank: 2, alpha: 4, seed: 1 })]) {
      const weights = form.weights(form.initial());
      for (const { name } of specs) expect(weights.get(name)).toEqual(base.get(name));
    }
  });

  it("leaves the base as it is", () => {
    const form = dense(start);
    form.weights(form.initial().fill(7));
    expect(base.get("a.weight")).toEqual(smallWeights().get("a.weight"));
  });
});

describe("sparse training", () => {
  it("does not differentiate tensors of which nothing is selected", () => {
    const mask = new Map([
      ["a.weight", new Float32Array(24).fill(1, 3, 5)],
      ["b.weight", new Float32Array(18)],
    ]);
    const form = dense({ ...start, mask });
    expect(form.wrt).toEqual(["a.weight"]);
    expect(form.size).toBe(24);
    expect([...form.mask!].flatMap((bit, i) => (bit ? [i] : []))).toEqual([3, 4]);
  });

  it("refuses a mask of another size", () => {
    expect(() => dense({ ...start, mask: new Map([["a.weight", [1, 0]]]) })).toThrow("another size");
  });
});

describe("LoRA", () => {
  const conv = { name: "conv.weight", dtype: "f32", shape: [4, 3, 2, 2] } as const;
  const kernel = new Map([[conv.name, wave(48, 1)]]);

  it("folds a convolution into (out × in · kernel)", () => {
    const form = lora({ specs: [conv], base: kernel, rank: 2, alpha: 4, seed: 1 });
    const params = form.initial();
    const [adapter] = form.adapters(params);
    expect(adapter).toMatchObject({ out: 4, in: 12 });
    adapter.b.set([1, 0, 0, 0, 0, 0, 0, 0.5]);
    const moved = form.weights(params).get(conv.name)!;
    const expected = kernel.get(conv.name)!.slice();
    for (let i = 0; i < 12; i++) {
      expected[i] += 2 * adapter.a[i];
      expected[36 + i] += adapter.a[12 + i];
    }
    expect(moved).toBeAllclose(expected);
  });

  it("scales by alpha / rank, or alpha / √rank when rank-stabilised", () => {
    const options = { ...start, rank: 4, alpha: 16, seed: 1 };
    expect(lora(options).scale).toBe(4);
    expect(lora({ ...options, rankStabilised: true }).scale).toBe(8);
  });

  it("starts with A uniform within 1 / √in by seed, and B at zero", () => {
    const options = { ...start, rank: 2, alpha: 4, targets: ["a.weight"] };
    const form = lora({ ...options, seed: 1 });
    const [{ a, b }] = form.adapters(form.initial());
    expect(Math.max(...a.map(Math.abs))).toBeLessThanOrEqual(0.5);
    expect(new Set(a).size).toBe(8);
    expect([...b].every((value) => value === 0)).toBe(true);
    expect(lora({ ...options, seed: 1 }).initial()).toEqual(form.initial());
    expect(lora({ ...options, seed: 2 }).initial()).not.toEqual(form.initial());
  });

  it("adapts layers by default: no embeddings, norms, biases or heads", () => {
    const named = (name: string, shape: number[]) => ({ name, dtype: "f32", shape }) as const;
    const some = [
      named("pos_embed", [1, 4]),
      named("blocks.0.attn.qkv.weight", [6, 2]),
      named("blocks.0.attn.qkv.bias", [6]),
      named("blocks.0.mlp.fc1.weight", [4, 2]),
      named("blocks.0.norm1.weight", [2]),
      named("head.weight", [3, 2]),
    ];
    const values = new Map(some.map(({ name }) => [name, new Float32Array(12)]));
    const form = lora({ specs: some, base: values, rank: 1, alpha: 1, seed: 1 });
    expect(form.wrt).toEqual(["blocks.0.attn.qkv.weight", "blocks.0.mlp.fc1.weight"]);
  });
});

describe("parametrise", () => {
  it("finds the matrices that the graph holds as (in × out)", () => {
    expect([...transposedWeights(smallNet.model)].filter((name) => base.has(name))).toEqual(["b.weight"]);
  });

  it("follows the mode of the spec", () => {
    const size = (given: object, mask?: Map<string, Float32Array>) =>
      parametrise(trainSpec.parse(given), smallNet, base, mask).size;
    expect(size({})).toBe(24 + 6 + 18 + 3);
    expect(size({ mode: "lora", rank: 1, targets: ["b.weight"] })).toBe(9);
    expect(size({ mode: "sparse" }, new Map([["b.bias", Float32Array.of(0, 1, 0)]]))).toBe(3);
    expect(() => size({ mode: "sparse" })).toThrow("mask");
  });
});
