/** LoRA merging on adapters small enough to multiply by hand. */
import { describe, expect, it } from "vitest";
import type { LowRank } from "../model/library.ts";
import type { Params } from "../recipe/schema.ts";
import { twin } from "../tensor/twin.ts";
import { runMethod } from "../testing/run.ts";
import { loraMerge } from "./lora-merge.ts";
import type { PrepareInput } from "./method.ts";

/** ΔW = e₁e₁ᵀ and e₂e₂ᵀ. */
const first: LowRank = lowRank([1, 0], [1, 0]);
const second: LowRank = lowRank([0, 1], [0, 1]);

function lowRank(A: readonly number[], B: readonly number[], scale = 1, rank = 1): LowRank {
  const [a, b] = [Float32Array.from(A), Float32Array.from(B)];
  return { A: a, B: b, rank, rows: b.length / rank, columns: a.length / rank, scale, isTransposed: false };
}

function dense({ A, B, rank, rows, columns, scale }: LowRank): Float32Array {
  const out = new Float32Array(rows * columns);
  for (let i = 0; i < rows; i++)
    for (let c = 0; c < rank; c++)
      for (let j = 0; j < columns; j++) out[i * columns + j] += scale * B[i * rank + c] * A[c * columns + j];
  return out;
}

function inputOf(adapters: readonly LowRank[], weights = adapters.map(() => 1)): PrepareInput {
  const [{ rows, columns }] = adapters;
  return {
    tensor: { name: "w", dtype: "f32", shape: [rows, columns] },
    rows: adapters.map(dense),
    weights,
    base: new Float32Array(rows * columns),
    factors: adapters,
  };
}

/** The merged row and what the method tells of it; kinds at their defaults unless given. */
function merged(adapters: readonly LowRank[], given: Params, weights?: number[]) {
  const input = inputOf(adapters, weights);
  const out = twin.alloc(input.base.length);
  const note = loraMerge.merge({ ...input, out: [out] }, loraMerge.params.parse(given), undefined, twin);
  return { out, note };
}

const mean = { normalize: true };

describe("LoRA merging", () => {
  it("gives the mean of the products, not the product of the means", () => {
    for (const kind of ["linear", "cat", "svd"]) {
      expect(merged([first, second], { kind, ...mean }).out).toBeAllclose([0.5, 0, 0, 0.5]);
    }
  });

  it("gives the product of the means on request, and says how much of it is cross terms", () => {
    const { out, note } = merged([first, second], { kind: "factors", ...mean });
    expect(out).toBeAllclose([0.25, 0.25, 0.25, 0.25]);
    // ‖[[−¼, ¼], [¼, −¼]]‖ ÷ ‖[[½, 0], [0, ½]]‖ = ½ ÷ √½
    expect(note?.cross).toBeCloseTo(Math.SQRT1_2, 12);
  });

  it("has no cross terms where the adapters are one", () => {
    const { out, note } = merged([first, first], { kind: "factors" });
    expect(out).toBeAllclose([2, 0, 0, 0]);
    expect(note?.cross).toBeCloseTo(0, 7);
  });

  it("keeps the directions with most energy, and tells their share", () => {
    const { out, note } = merged([lowRank([3, 0], [1, 0]), second], { kind: "svd", rank: 1 });
    expect(out).toBeAllclose([3, 0, 0, 0]);
    expect(note).toEqual({ rank: 1, energy: expect.closeTo(0.9, 12) });
  });

  it("adds ranks up side by side, and finds the rank that the sum has", () => {
    const twice = [first, lowRank([2, 0], [1, 0])];
    expect(merged(twice, { kind: "cat" }).note).toEqual({ rank: 2, energy: 1 });
    expect(merged(twice, { kind: "linear" }).note).toEqual({ rank: 1, energy: 1 });
    expect(merged(twice, { kind: "cat" }).out).toBeAllclose([3, 0, 0, 0]);
  });

  it("takes scales and weights into the update, and puts them evenly on both factors where those are averaged", () => {
    const scaled = lowRank([1, 0], [1, 0], 4);
    expect(merged([scaled, second], { kind: "cat" }, [0.5, -1]).out).toBeAllclose([2, 0, 0, -1]);
    // mean A = ½ (2, 1), mean B = ½ (2, 1)
    expect(merged([scaled, second], { kind: "factors", ...mean }).out).toBeAllclose([1, 0.5, 0.5, 0.25]);
  });

  it("reads an adapter that is stored the other way round", () => {
    const turned = { ...lowRank([1, 2, 3], [1, -1]), isTransposed: true };
    const input = {
      ...inputOf([lowRank([1, -1], [1, 2, 3])]),
      factors: [turned],
    };
    const product = loraMerge.lowRank?.(input, loraMerge.params.parse({ kind: "cat" }), twin);
    expect(product).toMatchObject({ rows: 3, columns: 2, rank: 1 });
    expect(product?.left).toEqual(Float64Array.of(1, 2, 3));
    expect(product?.right).toEqual(Float64Array.of(1, -1));
  });

  it("cuts dense experts to the rank, and adds up what is no matrix", async () => {
    const shapes = { w: [2, 2] };
    const given = { kind: "svd", rank: 1 };
    const tensors = {
      w: [[3, 0, 0, 1]],
      bias: [
        [1, 2],
        [3, 4],
      ],
    };
    const { w } = await runMethod(loraMerge, { w: tensors.w }, given, undefined, { shapes });
    expect(w[0]).toBeAllclose([3, 0, 0, 0], { rtol: 1e-6, atol: 1e-6 });
    const { bias } = await runMethod(loraMerge, { bias: tensors.bias }, given);
    expect(bias[0]).toEqual(Float32Array.of(4, 6));
  });

  it("counts an expert that leaves the matrix alone as an update of rank 0", () => {
    const input = { ...inputOf([first]), rows: [dense(first), new Float32Array(4)], weights: [1, 1] };
    const product = loraMerge.lowRank?.(
      { ...input, factors: [first, undefined] },
      loraMerge.params.parse({ kind: "cat" }),
      twin,
    );
    expect(product?.rank).toBe(1);
  });
});
