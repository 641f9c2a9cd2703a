import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { wave } from "../testing/onnx-graph.ts";
import { jacobiSvd } from "./jacobi.ts";
import { energyOf, fromSvd, type Product, productSvd, sideBySide } from "./product.ts";

function product(rows: number, columns: number, rank: number, seed: number): Product {
  const left = Float64Array.from(wave(rows * rank, seed));
  const right = Float64Array.from(wave(rank * columns, seed + 50));
  return { left, right, rows, columns, rank };
}

function dense({ left, right, rows, columns, rank }: Product): Float64Array {
  const out = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++)
    for (let c = 0; c < rank; c++)
      for (let j = 0; j < columns; j++) out[i * columns + j] += left[i * rank + c] * right[c * columns + j];
  return out;
}

const sizes = fc.record({
  rows: fc.integer({ min: 1, max: 9 }),
  columns: fc.integer({ min: 1, max: 9 }),
  ranks: fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 3 }),
  seed: fc.integer({ min: 0, max: 99 }),
});

describe("products of thin factors", () => {
  it("add up exactly when they are laid side by side", () => {
    fc.assert(
      fc.property(sizes, ({ rows, columns, ranks, seed }) => {
        const parts = ranks.map((rank, k) => product(rows, columns, rank, seed + k));
        const scales = ranks.map((_, k) => k - 0.5);
        const sum = new Float64Array(rows * columns);
        parts.forEach((part, k) => {
          dense(part).forEach((value, i) => {
            sum[i] += scales[k] * value;
          });
        });
        expect(dense(sideBySide(parts, scales))).toBeAllclose(sum, { rtol: 1e-12, atol: 1e-12 });
      }),
    );
  });

  it("have the singular values of the matrix, and give it back from them", () => {
    fc.assert(
      fc.property(sizes, ({ rows, columns, ranks, seed }) => {
        const whole = sideBySide(
          ranks.map((rank, k) => product(rows, columns, rank, seed + k)),
          ranks.map(() => 1),
        );
        const k = Math.min(rows, columns, whole.rank);
        if (k === 0) return;
        const svd = productSvd(whole, k);
        const matrix = dense(whole);
        expect(svd.s).toBeAllclose(jacobiSvd(matrix, rows, columns, k).s, { rtol: 1e-9, atol: 1e-9 });
        expect(dense(fromSvd(svd, rows, columns, k))).toBeAllclose(matrix, { rtol: 1e-9, atol: 1e-9 });
        expect(energyOf(whole)).toBeAllclose(
          matrix.reduce((sum, value) => sum + value * value, 0),
          { rtol: 1e-9, atol: 1e-9 },
        );
      }),
    );
  });

  it("keep a dependent column from becoming a direction of its own", () => {
    const one = product(6, 5, 2, 3);
    const { s } = productSvd(sideBySide([one, one], [1, -1]), 4);
    expect([...s].every((value) => value < 1e-9)).toBe(true);
  });
});
