import { Matrix, SingularValueDecomposition } from "ml-matrix";
import { describe, expect, it } from "vitest";
import { jacobiSvd } from "#core/linalg/jacobi.ts";
import type { Svd } from "#core/linalg/linear-algebra.ts";
import { twin } from "#core/tensor/twin.ts";
import { simdKernels } from "./simd.ts";

const simd = simdKernels();

/** A matrix whose spectrum decays like a task vector's. */
function sample(rows: number, columns: number, seed: number): Float32Array<ArrayBuffer> {
  const rank = Math.min(rows, columns);
  const left = wave(rows * rank, seed);
  const right = wave(rank * columns, seed + 1);
  for (let i = 0; i < rows; i++) for (let r = 0; r < rank; r++) left[i * rank + r] /= (r + 1) ** 0.7;
  const out = new Float32Array(rows * columns);
  simd.matmul(out, { data: left, rows, columns: rank }, { data: right, rows: rank, columns });
  return out;
}

function wave(n: number, seed: number): Float32Array<ArrayBuffer> {
  let state = seed * 0x9e3779b9 + 1;
  return Float32Array.from({ length: n }, (_, i) => {
    state = Math.imul(state ^ (state >>> 16), 0x21f0aaad) + i;
    return (state >>> 8) / 2 ** 24 - 0.5;
  });
}

/** Columns a (n × k) span the same space as those of b: ‖aᵀb‖² = k. */
function overlap(a: Float64Array, b: Float64Array, n: number, k: number): number {
  let sum = 0;
  for (let p = 0; p < k; p++) {
    for (let q = 0; q < k; q++) {
      let dot = 0;
      for (let i = 0; i < n; i++) dot += a[i * k + p] * b[i * k + q];
      sum += dot * dot;
    }
  }
  return sum / k;
}

function isOrthonormal(x: Float64Array, n: number, k: number): boolean {
  for (let p = 0; p < k; p++) {
    for (let q = p; q < k; q++) {
      let dot = 0;
      for (let i = 0; i < n; i++) dot += x[i * k + p] * x[i * k + q];
      if (Math.abs(dot - (p === q ? 1 : 0)) > 1e-9) return false;
    }
  }
  return true;
}

function rebuilt({ u, s, v }: Svd, rows: number, columns: number): Float32Array {
  const k = s.length;
  const out = new Float32Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      let sum = 0;
      for (let c = 0; c < k; c++) sum += u[i * k + c] * s[c] * v[j * k + c];
      out[i * columns + j] = sum;
    }
  }
  return out;
}

const shapes = [
  [5, 5],
  [7, 3],
  [3, 7],
  [40, 64],
  [64, 40],
] as const;

describe("Jacobi", () => {
  it.each(shapes)("rebuilds a %i × %i matrix and agrees with ml-matrix", (rows, columns) => {
    const x = sample(rows, columns, 3);
    const k = Math.min(rows, columns);
    const ours = jacobiSvd(x, rows, columns, k);
    const tall = rows >= columns ? x : transposed(x, rows, columns);
    const oracle = new SingularValueDecomposition(
      new Matrix(
        Array.from({ length: Math.max(rows, columns) }, (_, i) => [...tall.subarray(i * k, (i + 1) * k)]),
      ),
    );
    expect([...ours.s]).toBeAllclose(oracle.diagonal, { rtol: 1e-9, atol: 1e-12 });
    expect(rebuilt(ours, rows, columns)).toBeAllclose(x, { rtol: 1e-5, atol: 1e-6 });
    expect(isOrthonormal(ours.u, rows, k) && isOrthonormal(ours.v, columns, k)).toBe(true);
  });

  it("gives zero columns where a matrix has no energy left", () => {
    const x = Float32Array.of(1, 2, 2, 4, 0, 0);
    const { u, s } = jacobiSvd(x, 3, 2, 2);
    expect(s[1]).toBeLessThan(1e-12);
    expect(s[0]).toBeCloseTo(5, 12);
    expect(Math.abs(u[0])).toBeCloseTo(1 / Math.sqrt(5), 12);
  });
});

describe("SIMD svd", () => {
  it.each([
    [150, 150, 30],
    [300, 140, 100],
    [140, 300, 24],
  ] as const)("of %i × %i spans what Jacobi's leading %i vectors span", (rows, columns, k) => {
    const x = sample(rows, columns, 5);
    const ours = simd.svd(x, rows, columns, k);
    const exact = jacobiSvd(x, rows, columns, k);
    // Squaring moves a singular value by about 1e-8 s₁² / s.
    expect([...ours.s]).toBeAllclose([...exact.s], { rtol: 1e-5, atol: exact.s[0] * 3e-5 });
    expect(isOrthonormal(ours.u, rows, k) && isOrthonormal(ours.v, columns, k)).toBe(true);
    expect(overlap(ours.u, exact.u, rows, k)).toBeCloseTo(1, 6);
    expect(overlap(ours.v, exact.v, columns, k)).toBeCloseTo(1, 6);
  });

  it("finds equal singular values, whose vectors are any basis", () => {
    const n = 160;
    const x = new Float32Array(n * n);
    for (let i = 0; i < n; i++) x[i * n + i] = i < 40 ? 3 : i < 60 ? 2 : 1;
    const { u, s } = simd.svd(x, n, n, 60);
    expect([...s]).toBeAllclose([...Array(40).fill(3), ...Array(20).fill(2)], { rtol: 1e-6, atol: 0 });
    expect(isOrthonormal(u, n, 60)).toBe(true);
    for (let i = 60; i < n; i++)
      for (let c = 0; c < 60; c++) expect(Math.abs(u[i * 60 + c])).toBeLessThan(1e-9);
  });

  it("leaves zero vectors where a matrix of low rank has no more directions", () => {
    const x = new Float32Array(200 * 180);
    simd.matmul(
      x,
      { data: wave(200 * 4, 1), rows: 200, columns: 4 },
      { data: wave(4 * 180, 2), rows: 4, columns: 180 },
    );
    const { u, s } = simd.svd(x, 200, 180, 10);
    expect([...s].map((value) => value > 0)).toEqual([...Array(4).fill(true), ...Array(6).fill(false)]);
    expect(u.every((value, i) => i % 10 < 4 || value === 0)).toBe(true);
  });
});

describe("left vectors", () => {
  it.each([
    [40, 64, 9],
    [64, 40, 9],
    [150, 150, 30],
    [300, 140, 20],
    [140, 300, 24],
  ] as const)("of %i × %i are those of the whole decomposition", (rows, columns, k) => {
    const x = sample(rows, columns, 7);
    const ours = simd.leftVectors(x, rows, columns, k);
    const exact = jacobiSvd(x, rows, columns, k);
    expect([...ours.s]).toBeAllclose([...exact.s], { rtol: 1e-5, atol: exact.s[0] * 3e-5 });
    expect(isOrthonormal(ours.u, rows, k)).toBe(true);
    expect(overlap(ours.u, exact.u, rows, k)).toBeCloseTo(1, 6);
  });

  it.each([
    [6, 9],
    [9, 6],
    [140, 150],
    [150, 140],
  ] as const)("are zeros of a %i × %i matrix where it has no more directions", (rows, columns) => {
    const x = new Float32Array(rows * columns);
    for (const kernels of [simd, twin]) {
      expect(kernels.leftVectors(x, rows, columns, 3).u).toEqual(new Float64Array(3 * rows));
    }
    x[columns + 2] = 5;
    for (const kernels of [simd, twin]) {
      const { u, s } = kernels.leftVectors(x, rows, columns, 3);
      expect([...s]).toEqual([5, 0, 0]);
      expect(u.map(Math.abs)).toBeAllclose(
        Array.from(u, (_, i) => (i === 3 ? 1 : 0)),
        { rtol: 1e-15, atol: 1e-15 },
      );
    }
  });

  it.each(shapes)("of %i × %i are the twin's, bit for bit, like all of a small decomposition", (m, n) => {
    const x = sample(m, n, 11);
    expect(simd.leftVectors(x, m, n, 3)).toEqual(twin.leftVectors(x, m, n, 3));
    expect(simd.svd(x, m, n, 3)).toEqual(twin.svd(x, m, n, 3));
  });
});

describe("matmul", () => {
  it.each([
    [70, 400, 9],
    [5, 770, 12],
    [1, 1, 1],
    [3, 5, 7],
    [9, 4, 17],
    [33, 21, 8],
  ] as const)("%i × %i by %i gives the twin's bits, whichever side is transposed", (m, k, n) => {
    for (const ta of [false, true]) {
      for (const tb of [false, true]) {
        const a = { data: wave(m * k, 1), rows: ta ? k : m, columns: ta ? m : k, transposed: ta };
        const b = { data: wave(k * n, 2), rows: tb ? n : k, columns: tb ? k : n, transposed: tb };
        const ours = new Float32Array(m * n);
        const theirs = new Float32Array(m * n);
        simd.matmul(ours, a, b);
        twin.matmul(theirs, a, b);
        expect(ours).toEqual(theirs);
      }
    }
  });

  it("refuses sizes that do not fit", () => {
    const a = { data: new Float32Array(6), rows: 2, columns: 3 };
    expect(() => simd.matmul(new Float32Array(4), a, a)).toThrow("2 × 3 by 2 × 3");
  });
});

function transposed(x: Float32Array, rows: number, columns: number): Float32Array {
  return Float32Array.from(x, (_, i) => x[(i % rows) * columns + Math.floor(i / rows)]);
}
