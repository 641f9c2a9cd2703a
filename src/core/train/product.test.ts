import fc from "fast-check";
import { expect, it } from "vitest";
import { wave } from "../testing/onnx-graph.ts";
import { matrixFrom, product, transpose } from "./product.ts";

const size = fc.integer({ min: 1, max: 9 });

it("multiplies matrices of any size", () => {
  fc.assert(
    fc.property(size, size, size, (rows, inner, columns) => {
      const [a, b] = [wave(rows * inner, 1), wave(inner * columns, 2)];
      const { values } = product(matrixFrom(a, rows, inner), matrixFrom(b, inner, columns));
      const expected = Float64Array.from({ length: rows * columns }, (_, i) => {
        const [r, c] = [Math.floor(i / columns), i % columns];
        let sum = 0;
        for (let k = 0; k < inner; k++) sum += a[r * inner + k] * b[k * columns + c];
        return sum;
      });
      // Sums of at most nine products in f64, in another order.
      expect(values).toBeAllclose(expected, { rtol: 1e-12, atol: 1e-13 });
    }),
  );
});

it("reads a matrix by its strides, so that a transposed one needs no copy first", () => {
  const values = Float32Array.of(1, 2, 3, 4, 5, 6);
  expect(matrixFrom(values, 3, 2, 1, 3)).toEqual(transpose(matrixFrom(values, 2, 3)));
});
