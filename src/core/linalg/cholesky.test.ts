import fc from "fast-check";
import { expect, it } from "vitest";
import { applyInverse, cholesky } from "./cholesky.ts";

it("factors and solves a system worked by hand", () => {
  const l = cholesky(Float64Array.of(4, 2, 2, 10), 2);
  expect([l?.[0], l?.[2], l?.[3]]).toEqual([2, 1, 3]);
  const b = Float64Array.of(8, 22);
  applyInverse(l ?? new Float64Array(), b);
  expect(b).toBeAllclose([1, 2], { rtol: 1e-12 });
});

it("solves AAᵀ + I for any A", () => {
  const size = fc.integer({ min: 1, max: 6 });
  const system = size.chain((n) => {
    const value = fc.double({ min: -3, max: 3, noNaN: true });
    const values = (count: number) => fc.array(value, { minLength: count, maxLength: count });
    return fc.record({ n: fc.constant(n), a: values(n * n), x: values(n) });
  });
  fc.assert(
    fc.property(system, ({ n, a, x }) => {
      const entry = (i: number, j: number) =>
        a.slice(i * n, i * n + n).reduce((sum, v, k) => sum + v * a[j * n + k], i === j ? 1 : 0);
      const matrix = Float64Array.from({ length: n * n }, (_, at) => entry(Math.floor(at / n), at % n));
      const b = Float64Array.from(x, (_, i) => x.reduce((sum, v, j) => sum + matrix[i * n + j] * v, 0));
      applyInverse(cholesky(matrix, n) ?? new Float64Array(n * n), b);
      expect(b).toBeAllclose(x, { rtol: 1e-8, atol: 1e-8 });
    }),
  );
});

it("says when a matrix is not positive definite", () => {
  expect(cholesky(Float64Array.of(1, 2, 2, 1), 2)).toBeUndefined();
  expect(cholesky(new Float64Array(4), 2)).toBeUndefined();
  expect(cholesky(Float64Array.of(Number.NaN), 1)).toBeUndefined();
});
