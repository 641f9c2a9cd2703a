import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { TiesOptions } from "./kernels.ts";
import { twin } from "./twin.ts";

const f32 = (...values: number[]) => Float32Array.from(values);

/** Arrays rich in what breaks selection: ties, zeros of both signs, denormals, ends of the range. */
const rough = fc.array(
  fc.oneof(
    fc.constantFrom(0, -0, 1, -1, 0.5, -0.5, 1e-45, -1e-45, 1e-40, 1.17549435e-38, 3.4e38, -3.4e38),
    fc.float({ noNaN: true, noDefaultInfinity: true }),
  ),
  { maxLength: 60 },
);

/** Indices that a stable descending sort of magnitudes keeps. */
function keptByStableSort(x: Float32Array, k: number): number[] {
  return [...x.keys()]
    .sort((a, b) => Math.abs(x[b]) - Math.abs(x[a]) || a - b)
    .slice(0, k)
    .sort((a, b) => a - b);
}

function trimmed(x: Float32Array, k: number): Float32Array {
  const out = twin.alloc(x.length);
  twin.trim(out, x, twin.select(x, k));
  return out;
}

describe("select and trim", () => {
  it("keep exactly what a stable sort by magnitude keeps", () => {
    fc.assert(
      fc.property(rough, fc.double({ min: 0, max: 1, noNaN: true }), (values, share) => {
        const x = Float32Array.from(values);
        const k = Math.floor(share * x.length);
        const cut = twin.select(x, k);
        const out = new Float32Array(x.length);
        expect(twin.trim(out, x, cut)).toBe(k);
        expect(cut.kept).toBe(k);
        const keep = new Set(keptByStableSort(x, k));
        expect(out).toEqual(x.map((value, i) => (keep.has(i) ? value : 0)));
      }),
      { numRuns: 300 },
    );
  });

  it("cut a pool of arrays where their concatenation would be cut", () => {
    fc.assert(
      fc.property(
        fc.array(rough, { minLength: 1, maxLength: 5 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (arrays, share) => {
          const xs = arrays.map((values) => Float32Array.from(values));
          const joined = Float32Array.from(arrays.flat());
          const k = Math.floor(share * joined.length);
          const cuts = twin.selectPool(xs, k);
          const parts = xs.map((x, i) => {
            const out = twin.alloc(x.length);
            expect(twin.trim(out, x, cuts[i])).toBe(cuts[i].kept);
            return [...out];
          });
          expect(Float32Array.from(parts.flat())).toEqual(trimmed(joined, k));
        },
      ),
      { numRuns: 200 },
    );
  });

  it("keep ties at the lower index", () => {
    expect(twin.select(f32(1, -2, 2, 2, 0), 2)).toEqual({ threshold: 2, tieEnd: 3, kept: 2 });
    expect([...trimmed(f32(1, -2, 2, 2, 0), 2)]).toEqual([0, -2, 2, 0, 0]);
  });

  it("take nothing at k = 0, everything at k = n, and refuse more", () => {
    const x = f32(3, -0, 0, 1);
    expect(twin.select(x, 0)).toEqual({ threshold: Number.POSITIVE_INFINITY, tieEnd: 0, kept: 0 });
    expect(trimmed(x, 4)).toEqual(x);
    expect(twin.select(f32(), 0).kept).toBe(0);
    expect(() => twin.select(x, 5)).toThrow("k = 5 of 4");
  });

  it("trim in place, and on views that do not start at the buffer's start", () => {
    const x = f32(9, 9, 1, 5, 3).subarray(2);
    expect(twin.trim(x, x, twin.select(x, 2))).toBe(2);
    expect([...x]).toEqual([0, 5, 3]);
  });
});

describe("quantiles", () => {
  it("interpolate between order statistics as numpy does", () => {
    const tau = f32(0.1, -0.2, 0.3, -0.4, 0.5, -0.6, 0.7, -0.8, 0.9, -1);
    expect(twin.quantiles(tau, [0.5, 0.99, 0, 1])).toBeAllclose([0.55, 0.991, 0.1, 1]);
    expect(twin.quantiles(f32(-7), [0.3])).toEqual([7]);
    expect(twin.quantiles(f32(), [0.5])).toEqual([Number.NaN]);
  });

  it("agree with a full sort", () => {
    fc.assert(
      fc.property(rough, fc.double({ min: 0, max: 1, noNaN: true }), (values, p) => {
        fc.pre(values.length > 0);
        const x = Float32Array.from(values);
        const sorted = x.map(Math.abs).sort();
        const position = p * (x.length - 1);
        const a = sorted[Math.floor(position)];
        const b = sorted[Math.ceil(position)];
        expect(twin.quantiles(x, [p])[0]).toBe(a + (b - a) * (position - Math.floor(position)));
      }),
    );
  });
});

describe("loops over elements", () => {
  it("round every product and sum to f32", () => {
    const out = f32(0);
    twin.axpy(out, f32(0.1), f32(0.3), 0.7);
    expect(out[0]).toBe(Math.fround(f32(0.1)[0] + Math.fround(f32(0.7)[0] * f32(0.3)[0])));
    twin.delta(out, f32(0.3), f32(0.1));
    expect(out[0]).toBe(Math.fround(f32(0.3)[0] - f32(0.1)[0]));
  });

  it("add weighted rows across tiles, also into one of the rows", () => {
    const n = 9000;
    const a = new Float32Array(n).map((_, i) => Math.sin(i));
    const b = new Float32Array(n).map((_, i) => Math.cos(i));
    const expected = a.map(
      (v, i) => Math.fround(Math.fround(0.3) * v) + Math.fround(Math.fround(0.7) * b[i]),
    );
    twin.weightedSum(b, [a, b], [0.3, 0.7]);
    expect(b).toEqual(expected);
  });

  it("average what is there, and leave −0 where nothing is or all cancels", () => {
    const rows = [
      [1, 0, 2, 0],
      [3, -0, -1, 5],
    ].map((row) => Float32Array.from(row));
    const out = new Float32Array(4);
    twin.stitch(out, rows, [1, 2]);
    expect([...out]).toEqual([Math.fround(7 / 3), -0, -0, 5]);
    twin.stitch(out, rows, [1, -1]);
    expect([...out]).toEqual([-2, -0, 3, 5]);
  });

  it("count in equal bins, put the top into the last one and all zeros into the first", () => {
    expect([...twin.histogram(f32(0, 0.24, -0.25, 0.99, 1, 7), 4, 1)]).toEqual([2, 1, 0, 3]);
    expect([...twin.histogram(f32(0, -0, 2), 4, 0)]).toEqual([2, 0, 0, 1]);
  });

  it("sum over more than one chunk without losing any element", () => {
    const n = 65_536 + 7;
    const x = new Float32Array(n).fill(-2);
    expect(twin.norms(x)).toEqual({ l1: 2 * n, energy: 4 * n, max: 2, nonZero: n });
    expect([...twin.gram([x, x.map((v) => v / 2)])]).toEqual([4 * n, 2 * n, 2 * n, n]);
    expect(twin.norms(f32())).toEqual({ l1: 0, energy: 0, max: 0, nonZero: 0 });
  });

  it("count conflicts only where both are non-zero", () => {
    expect(twin.conflicts(f32(1, -1, 0, -0, 2, 1e-45), f32(-1, -1, 3, 3, 2, -1e-45))).toEqual({
      opposed: 2,
      both: 4,
    });
  });

  it("find what is not finite", () => {
    expect(twin.nonFinite(f32(1, 3.4e38, -0))).toEqual({ first: -1, count: 0 });
    expect(twin.nonFinite(f32(1, Number.NaN, 2, Number.NEGATIVE_INFINITY))).toEqual({ first: 1, count: 2 });
  });
});

describe("ties", () => {
  /** The definition in kernels.ts, one element at a time. */
  function byDefinition(rows: Float32Array[], weights: number[], options: TiesOptions): number[] {
    const w = weights.map(Math.fround);
    const product = (k: number, i: number) => Math.fround(w[k] * rows[k][i]);
    const vote = (k: number, i: number) => (options.vote === "weighted" ? product(k, i) : rows[k][i]);
    const total = (i: number) => rows.reduce((sum, _, k) => Math.fround(sum + vote(k, i)), 0);
    const indices = [...rows[0].keys()];
    const balance = indices.reduce((sum, i) => sum + Math.sign(total(i)), 0);
    return indices.map((i) => {
      const t = total(i);
      const positive = t > 0 || (t === 0 && (options.tie === "plus" || balance >= 0));
      const agreeing = rows.map((_, k) => k).filter((k) => vote(k, i) !== 0 && vote(k, i) > 0 === positive);
      const sum = agreeing.reduce((s, k) => Math.fround(s + product(k, i)), 0);
      const mass = agreeing.reduce((s, k) => Math.fround(s + (options.average === "weights" ? w[k] : 1)), 0);
      return options.average === "none" || mass === 0 ? sum : Math.fround(sum / mass);
    });
  }

  it("does what its definition says, in every variant", () => {
    const value = fc.constantFrom(0, -0, 1, -1, 2, -2, 0.3, -0.7, 1e-3);
    const cases = fc.record({
      rows: fc
        .integer({ min: 1, max: 12 })
        .chain((n) =>
          fc.array(fc.array(value, { minLength: n, maxLength: n }), { minLength: 1, maxLength: 4 }),
        ),
      weights: fc.array(fc.constantFrom(0, 1, 0.3, 0.7, -1), { minLength: 4, maxLength: 4 }),
      options: fc.record<TiesOptions>({
        vote: fc.constantFrom("weighted", "plain"),
        tie: fc.constantFrom("plus", "majority"),
        average: fc.constantFrom("weights", "count", "none"),
      }),
    });
    fc.assert(
      fc.property(cases, ({ rows, weights: four, options }) => {
        const weights = four.slice(0, rows.length);
        const arrays = rows.map((row) => Float32Array.from(row));
        const out = twin.alloc(arrays[0].length);
        twin.ties(out, arrays, weights, options);
        expect(out.map((v) => v + 0)).toEqual(
          Float32Array.from(byDefinition(arrays, weights, options), (v) => v + 0),
        );
      }),
      { numRuns: 500 },
    );
  });

  it("gives the same in tiles and into one of its rows", () => {
    const n = 3000;
    const rows = [1, 2, 3].map((s) => new Float32Array(n).map((_, i) => Math.sin(i * s)));
    const options: TiesOptions = { vote: "weighted", tie: "plus", average: "weights" };
    const expected = byDefinition(rows, [1, 0.5, 0.25], options);
    twin.ties(rows[1], rows, [1, 0.5, 0.25], options);
    expect(rows[1]).toEqual(Float32Array.from(expected));
  });
});
