import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Kernels } from "#core/tensor/kernels.ts";
import { twin } from "#core/tensor/twin.ts";
import { simdKernels } from "./simd.ts";

const simd = simdKernels();

/** Lengths around what the code cuts at: short arrays, groups of four, tiles, chunks. */
const length = fc.oneof(
  fc.integer({ min: 0, max: 300 }),
  fc.integer({ min: 16_380, max: 16_390 }),
  fc.integer({ min: 65_530, max: 65_545 }),
);

/** Longer than the tiles of long arrays, by a rest that is a multiple of nothing. */
const LONG = 1_048_576 + 131_072 + 77;

/** Values of every kind: smooth, with many ties (as from 16-bit files), with zeros of both signs, tiny, huge. */
function values(kind: number, seed: number, n: number): Float32Array<ArrayBuffer> {
  const x = new Float32Array(n);
  let state = (seed ^ (kind * 0x9e3779b9)) | 1;
  for (let i = 0; i < n; i++) {
    state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e37;
    const u = (state >>> 8) / 2 ** 24 - 0.5;
    if (kind === 0) x[i] = u * Math.abs(u) ** 3;
    else if (kind === 1) x[i] = Math.round(u * 8) / 4;
    else if (kind === 2) x[i] = (state & 7) === 0 ? 0 : (state & 7) === 1 ? -0 : u * 1e-39;
    else x[i] = u * 3e38;
  }
  return x;
}

const array = fc
  .tuple(fc.integer({ min: 0, max: 3 }), fc.integer(), length)
  .map(([kind, seed, n]) => values(kind, seed, n));

/** K rows of one length. */
const rows = fc
  .tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 0, max: 2 }), fc.integer(), length)
  .map(([count, kind, seed, n]) => Array.from({ length: count }, (_, k) => values(kind, seed + k, n)));

const weightsOf = (count: number, seed: number) =>
  Array.from({ length: count }, (_, k) => Math.sin(seed + k * 1.7) * 1.5);

const TIES = { vote: "weighted", tie: "plus", average: "weights" } as const;

/** Bits, so that −0 and +0 differ. */
const bits = (x: Float32Array) => new Uint32Array(x.buffer, x.byteOffset, x.length);

/** Asserts that both kernels fill the same bits and return the same. */
function same(n: number, work: (kernels: Kernels, out: Float32Array) => unknown): void {
  const ours = new Float32Array(n);
  const theirs = new Float32Array(n);
  const got = work(simd, ours);
  const wanted = work(twin, theirs);
  expect(got).toEqual(wanted);
  // Two typed arrays as bytes: toEqual over 65,536 numbers would take most of the test's time.
  expect(Buffer.compare(Buffer.from(bits(ours).buffer), Buffer.from(bits(theirs).buffer))).toBe(0);
}

const check = <T>(arbitrary: fc.Arbitrary<T>, body: (value: T) => void) =>
  fc.assert(fc.property(arbitrary, body), { numRuns: 40 });

describe("SIMD kernels give the twin's bits", () => {
  it("delta, axpy, scale", () => {
    check(fc.tuple(array, fc.float({ noNaN: true, noDefaultInfinity: true })), ([x, factor]) => {
      const y = x.map((value, i) => value * Math.cos(i));
      same(x.length, (kernels, out) => kernels.delta(out, x, y));
      same(x.length, (kernels, out) => kernels.axpy(out, x, y, factor));
      same(x.length, (kernels, out) => {
        out.set(x);
        kernels.scale(out, factor);
      });
    });
  });

  it("select, trim", () => {
    check(fc.tuple(array, fc.double({ min: 0, max: 1, noNaN: true })), ([x, share]) => {
      const k = Math.floor(share * x.length);
      expect(simd.select(x, k)).toEqual(twin.select(x, k));
      const digits = simd.digits(x);
      expect(digits).toEqual(twin.digits(x));
      expect(simd.select(x, k, digits)).toEqual(twin.select(x, k, digits));
      const cut = twin.select(x, k);
      same(x.length, (kernels, out) => kernels.trim(out, x, cut));
      same(x.length, (kernels, out) => kernels.trim(out, x, { ...cut, tieEnd: x.length }));
    });
  });

  it("selectPool", () => {
    check(
      fc.tuple(fc.array(array, { minLength: 1, maxLength: 4 }), fc.double({ min: 0, max: 1, noNaN: true })),
      ([xs, share]) => {
        const total = xs.reduce((sum, x) => sum + x.length, 0);
        const k = Math.floor(share * total);
        expect(simd.selectPool(xs, k)).toEqual(twin.selectPool(xs, k));
      },
    );
  });

  it("select when the sample at even distances misleads", () => {
    const n = 65_536;
    const x = Float32Array.from({ length: n }, (_, i) => (i % 16 === 0 ? 1000 + i : Math.sin(i)));
    for (const share of [0.01, 0.05, 0.2, 0.5, 0.95]) {
      const k = Math.floor(share * n);
      expect(simd.select(x, k)).toEqual(twin.select(x, k));
    }
  });

  it("quantiles", () => {
    check(
      fc.tuple(array, fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 4 })),
      ([x, ps]) => {
        expect(simd.quantiles(x, ps)).toEqual(twin.quantiles(x, ps));
        expect(simd.quantiles(x, ps, simd.digits(x))).toEqual(twin.quantiles(x, ps));
      },
    );
  });

  it("drop", () => {
    const some = fc.tuple(array, fc.integer(), fc.integer(), fc.double({ min: 0, max: 1, noNaN: true }));
    check(some, ([x, k0, k1, density]) => {
      same(x.length, (kernels, out) =>
        kernels.drop(out, x, { k0, k1 }, density, 1 / Math.max(density, 0.01)),
      );
    });
  });

  it("weightedSum", () => {
    check(fc.tuple(rows, fc.integer({ min: 0, max: 99 })), ([xs, seed]) => {
      same(xs[0].length, (kernels, out) => kernels.weightedSum(out, xs, weightsOf(xs.length, seed)));
    });
  });

  it("stitch, also of weights that cancel", () => {
    check(fc.tuple(rows, fc.integer({ min: 0, max: 99 })), ([xs, seed]) => {
      const regions = xs.map((x, k) => x.map((value, i) => ((i * 7 + k) % 5 < 2 ? value : 0)));
      const weights = weightsOf(xs.length, seed).map((weight) =>
        seed % 2 === 0 ? Math.abs(weight) : weight,
      );
      if (seed % 3 === 0) weights.fill(1);
      if (seed % 4 === 0) weights[0] = 0;
      same(xs[0].length, (kernels, out) => kernels.stitch(out, regions, weights));
    });
  });

  it("ties, in all its variants", () => {
    const options = fc.record({
      vote: fc.constantFrom("weighted" as const, "plain" as const),
      tie: fc.constantFrom("plus" as const, "majority" as const),
      average: fc.constantFrom("weights" as const, "count" as const, "none" as const),
    });
    check(fc.tuple(rows, fc.integer({ min: 0, max: 99 }), options), ([xs, seed, variant]) => {
      const weights = seed % 3 === 0 ? xs.map(() => 1) : weightsOf(xs.length, seed);
      same(xs[0].length, (kernels, out) => kernels.ties(out, xs, weights, variant));
    });
  });

  it("norms, histogram, nonFinite", () => {
    check(fc.tuple(array, fc.boolean()), ([x, spoil]) => {
      const y = x.slice();
      if (spoil && y.length > 2) y[y.length >> 1] = Number.POSITIVE_INFINITY;
      expect(simd.nonFinite(y)).toEqual(twin.nonFinite(y));
      const { max } = twin.norms(x);
      expect(simd.norms(x)).toEqual(twin.norms(x));
      expect(simd.histogram(x, 48, max)).toEqual(twin.histogram(x, 48, max));
    });
  });

  it("gram, conflicts", () => {
    check(rows, (xs) => {
      expect(simd.gram(xs)).toEqual(twin.gram(xs));
      const a = xs[0];
      const b = xs[xs.length - 1];
      expect(simd.conflicts(a, b)).toEqual(twin.conflicts(a, b));
    });
  });

  it("ranks", () => {
    check(fc.tuple(array, fc.integer({ min: 1, max: 300 })), ([x, wanted]) => {
      // The twin sorts with a comparison: a few thousand values show all that a row can.
      const some = x.subarray(0, 3000);
      const columns = Math.max(1, Math.min(wanted, some.length));
      const whole = some.subarray(0, some.length - (some.length % columns));
      expect(simd.ranks(whole, columns)).toEqual(twin.ranks(whole, columns));
    });
  });

  it("fromHalf, for every pattern", () => {
    const patterns = Uint16Array.from({ length: 65_536 + 5 }, (_, i) => i);
    for (const kind of ["f16", "bf16"] as const) {
      same(patterns.length, (kernels, out) => kernels.fromHalf(out, patterns, kind));
    }
  });

  it("on long arrays", () => {
    const xs = [0, 1, 2].map((kind) => values(kind, 11, LONG));
    const [x, y] = xs;
    const weights = [0.5, 1, 0.25];
    same(LONG, (kernels, out) => kernels.delta(out, x, y));
    same(LONG, (kernels, out) => kernels.trim(out, y, twin.select(y, LONG >> 2)));
    same(LONG, (kernels, out) => kernels.drop(out, x, { k0: 5, k1: 6 }, 0.3, 3));
    same(LONG, (kernels, out) => kernels.weightedSum(out, xs, weights));
    same(LONG, (kernels, out) => kernels.stitch(out, xs, weights));
    same(LONG, (kernels, out) => kernels.ties(out, xs, weights, TIES));
    same(LONG, (kernels, out) => kernels.fromHalf(out, new Uint16Array(x.buffer, 0, LONG), "f16"));
    expect(simd.select(y, Math.floor(LONG / 5))).toEqual(twin.select(y, Math.floor(LONG / 5)));
    expect(simd.quantiles(x, [0.5, 0.99])).toEqual(twin.quantiles(x, [0.5, 0.99]));
    expect(simd.norms(x)).toEqual(twin.norms(x));
    expect(simd.gram(xs)).toEqual(twin.gram(xs));
    expect(simd.conflicts(x, y)).toEqual(twin.conflicts(x, y));
  });

  it("work in place", () => {
    const x = values(0, 7, 40_000);
    const out = x.slice();
    simd.trim(out, out, simd.select(out, 4000));
    const expected = new Float32Array(x.length);
    twin.trim(expected, x, twin.select(x, 4000));
    expect(Buffer.from(out.buffer).equals(Buffer.from(expected.buffer))).toBe(true);
  });
});
