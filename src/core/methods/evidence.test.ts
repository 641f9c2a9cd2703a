/** Methods that read evidence, and stitching: examples worked by hand or by a formula written down another way. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { runMethod } from "../testing/run.ts";
import { noise } from "../testing/small-library.ts";
import { fisher } from "./fisher.ts";
import { localizeAndStitch } from "./localize-and-stitch.ts";
import { regmean } from "./regmean.ts";

describe("stitching (official code, Stitcher.get_average_masks)", () => {
  const masked = [
    [1, 2, 0, 0, 5],
    [10, 0, 30, 0, 50],
    [100, 200, 0, 0, 0],
  ];
  const stitch = async (params = {}, rows = masked, weights?: number[]) =>
    (await runMethod(localizeAndStitch, { tau: rows }, params, weights)).tau[0];

  it("averages what overlaps and takes the rest at full strength", async () => {
    expect([...(await stitch())]).toEqual([37, 101, 30, -0, 27.5]);
  });

  it("adds, or listens to those that agree, as ablations", async () => {
    expect([...(await stitch({ overlap: "sum" }))]).toEqual([111, 202, 30, -0, 55]);
    const conflict = [
      [1, 2],
      [-4, 4],
      [1, 0],
    ];
    expect([...(await stitch({ overlap: "ties" }, conflict))]).toEqual([-4, 3]);
    expect(await stitch({}, conflict)).toBeAllclose([-2 / 3, 3]);
  });

  it("weighs overlaps, and leaves out who weighs nothing", async () => {
    expect(await stitch({}, masked, [1, 3, 0])).toBeAllclose([31 / 4, 2, 30, 0, 155 / 4]);
  });

  it("changes no bit of the base outside all regions, not even the sign of a zero", async () => {
    for (const overlap of ["average", "sum", "ties"]) {
      const out = await stitch({ overlap }, [
        [0, 1],
        [-0, 1],
      ]);
      expect(Object.is(out[0] + -0, -0)).toBe(true);
    }
  });
});

describe("Fisher", () => {
  const rows = [
    [1, 2, 3],
    [3, 6, 9],
  ];
  const evidence = {
    w: [
      [3, 0, 1],
      [1, 0, 1],
    ],
  };

  it("weighs each entry by its information, and averages where there is none", async () => {
    const { w } = await runMethod(fisher, { w: rows }, { normalize: false }, undefined, { evidence });
    expect(w[0]).toBeAllclose([1.5, 4, 6], { rtol: 1e-5 });
  });

  it("divides by the norm over the whole model", async () => {
    // Norms 5 and 10: shares 3/5 and 1/10 in w's first entry.
    const whole = { w: [[3], [6]], v: [[4], [8]] };
    const tensors = { w: [[1], [8]], v: [[1], [8]] };
    const { w, v } = await runMethod(fisher, tensors, {}, undefined, { evidence: whole });
    expect([w[0][0], v[0][0]]).toBeAllclose([4.5, 4.5], { rtol: 1e-5 });
    const plain = await runMethod(fisher, tensors, { normalize: false }, undefined, { evidence: whole });
    expect(plain.w[0]).toBeAllclose([(3 + 48) / 9], { rtol: 1e-5 });
  });

  it("multiplies by the experts' weights, and averages tensors that nobody measured", async () => {
    const { w } = await runMethod(fisher, { w: rows }, { normalize: false }, [1, 3], { evidence });
    expect(w[0]).toBeAllclose([2, 5, 7.5], { rtol: 1e-5 });
    const bare = { evidence: { w: [[1, 1, 1], undefined] } };
    expect((await runMethod(fisher, { w: rows }, {}, [1, 3], bare)).w[0]).toBeAllclose([2.5, 5, 7.5]);
  });

  it("does not care how large the information is", async () => {
    const tiny = { evidence: { w: evidence.w.map((row) => row.map((v) => v * 1e-30)) } };
    const { w } = await runMethod(fisher, { w: rows }, { floor: -20 }, undefined, tiny);
    expect([...w[0]].every(Number.isFinite)).toBe(true);
  });
});

describe("RegMean", () => {
  const gram = (a: number, b: number, c: number) => [a, c, c, b];
  const exact = { offDiagonal: 1, ridge: -12 };

  it("solves the normal equations, worked by hand", async () => {
    // G₁ = diag(1, 3), G₂ = diag(3, 1): each input listens to whom it matters to.
    const evidence = { w: [gram(1, 3, 0), gram(3, 1, 0)] };
    const tensors = {
      w: [
        [1, 1],
        [5, 5],
      ],
    };
    const { w } = await runMethod(regmean, tensors, exact, undefined, { evidence, shapes: { w: [1, 2] } });
    expect(w[0]).toBeAllclose([4, 2], { rtol: 1e-6 });
  });

  it("keeps every expert's outputs when their inputs do not meet", async () => {
    const evidence = { w: [gram(1, 0, 0), gram(0, 1, 0)] };
    const tensors = {
      w: [
        [1, 2, 3, 4],
        [5, 6, 7, 8],
      ],
    };
    const beside = { evidence, shapes: { w: [2, 2] } };
    expect((await runMethod(regmean, tensors, exact, undefined, beside)).w[0]).toBeAllclose([1, 6, 3, 8], {
      rtol: 1e-6,
    });
    const transposed = { ...beside, inputsFirst: true };
    expect((await runMethod(regmean, tensors, exact, undefined, transposed)).w[0]).toBeAllclose(
      [1, 2, 7, 8],
      {
        rtol: 1e-6,
      },
    );
  });

  it("gives the same for a weight and its transpose, whose Gram matrix tells which it is", async () => {
    const size = fc.record({ inputs: fc.integer({ min: 2, max: 4 }), seed: fc.nat(1000) });
    await fc.assert(
      fc.asyncProperty(size, async ({ inputs, seed }) => {
        const outputs = inputs + 1;
        const rows = [0, 1, 2].map((k) => noise(outputs * inputs, seed * 8 + k));
        const turned = rows.map((row) =>
          row.map((_, at) => row[(at % outputs) * inputs + Math.floor(at / outputs)]),
        );
        const evidence = rows.map((_, k) => randomGram(inputs, seed * 8 + 3 + k));
        const straight = { evidence: { w: evidence }, shapes: { w: [outputs, inputs] } };
        const across = { evidence: { w: evidence }, shapes: { w: [inputs, outputs] } };
        const [w] = (await runMethod(regmean, { w: rows }, {}, undefined, straight)).w;
        const [t] = (await runMethod(regmean, { w: turned }, {}, undefined, across)).w;
        expect(t).toBeAllclose(w.map((_, at) => w[(at % outputs) * inputs + Math.floor(at / outputs)]));
      }),
      { numRuns: 20 },
    );
  });

  it("is at least as near to the experts' outputs as their average", async () => {
    const [inputs, outputs] = [4, 3];
    for (let seed = 1; seed < 20; seed++) {
      const rows = [0, 1].map((k) => noise(outputs * inputs, seed * 4 + k));
      const evidence = rows.map((_, k) => randomGram(inputs, seed * 4 + 2 + k));
      const beside = { evidence: { w: evidence }, shapes: { w: [outputs, inputs] } };
      const [w] = (await runMethod(regmean, { w: rows }, exact, undefined, beside)).w;
      const mean = w.map((_, i) => (rows[0][i] + rows[1][i]) / 2);
      const error = (merged: Float32Array) =>
        rows.reduce((sum, row, k) => sum + outputError(merged, row, evidence[k], inputs), 0);
      expect(error(w)).toBeLessThanOrEqual(error(mean) + 1e-6);
    }
  });

  it("falls back to the average without measurements, and for inputs that never occur", async () => {
    const tensors = {
      w: [
        [1, 2],
        [3, 8],
      ],
    };
    const shapes = { w: [1, 2] };
    const none = await runMethod(regmean, tensors, {}, undefined, {
      evidence: { w: [undefined, gram(1, 1, 0)] },
      shapes,
    });
    expect(none.w[0]).toBeAllclose([2, 5]);
    const dead = { evidence: { w: [gram(0, 0, 0), gram(2, 0, 0)] }, shapes };
    expect((await runMethod(regmean, tensors, {}, undefined, dead)).w[0]).toBeAllclose([3, 5], {
      rtol: 1e-5,
    });
    const silent = { evidence: { w: [gram(0, 0, 0), gram(0, 0, 0)] }, shapes };
    expect((await runMethod(regmean, tensors, {}, undefined, silent)).w[0]).toBeAllclose([2, 5]);
  });
});

/** XᵀX / n of as many rows of noise as there are inputs, and one. */
function randomGram(inputs: number, seed: number): number[] {
  const rows = inputs + 1;
  const x = noise(rows * inputs, seed);
  return Array.from({ length: inputs * inputs }, (_, at) => {
    const [i, j] = [Math.floor(at / inputs), at % inputs];
    return Array.from({ length: rows }, (_, r) => (x[r * inputs + i] * x[r * inputs + j]) / rows).reduce(
      (sum, v) => sum + v,
      0,
    );
  });
}

/** tr((W − V) G (W − V)ᵀ): the mean square of the difference between two layers' outputs. */
function outputError(w: Float32Array, v: Float32Array, gram: readonly number[], inputs: number): number {
  let sum = 0;
  for (let o = 0; o < w.length; o += inputs) {
    for (let i = 0; i < inputs; i++) {
      for (let j = 0; j < inputs; j++) {
        sum += (w[o + i] - v[o + i]) * gram[i * inputs + j] * (w[o + j] - v[o + j]);
      }
    }
  }
  return sum;
}
