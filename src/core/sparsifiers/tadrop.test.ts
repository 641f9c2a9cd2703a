import { describe, expect, it } from "vitest";
import { coin, coinKey, coinRange } from "../random.ts";
import { runSparsifier } from "../testing/run.ts";
import { tadrop } from "./tadrop.ts";

const whole = { minSize: 0 };
const ramp = [0.1, -0.2, 0.3, -0.4, 0.5, -0.6, 0.7, -0.8, 0.9, -1];

async function run(tau: readonly number[] | Float32Array, params = {}) {
  return (await runSparsifier(tadrop, { tau }, { ...whole, ...params })).tau;
}

describe("TADrop, worked examples", () => {
  it("drops half of an even ramp: Q50 .55, Q99 .991, rate .554995", async () => {
    const done = await run(ramp);
    expect(done.density).toBeCloseTo(1 - 0.554995, 6);
    expect(done).toMatchObject({ kept: 5, by: "formula" });
    expect(done.values).toBeAllclose([0, 0, 0, 0, 0, -0.6, 0.7, -0.8, 0.9, -1]);
  });

  it("restores the L1 norm, the L2 norm, or divides by the realised density", async () => {
    const restored = [0, 0, 0, 0, 0, -0.825, 0.9625, -1.1, 1.2375, -1.375];
    expect((await run(ramp, { rescale: "l1" })).values).toBeAllclose(restored);
    const ratio = Math.sqrt(3.85 / 3.3);
    expect((await run(ramp, { rescale: "l2" })).values[9]).toBeCloseTo(-ratio, 6);
    expect((await run(ramp, { rescale: "inv" })).values[9]).toBeCloseTo(-2, 6);
  });

  it("drops nothing of a heavy tail: Q50 .02, Q99 4.91, rate .004073", async () => {
    const done = await run([0.01, -0.02, 0.03, -0.01, 0.02, 0.01, -0.03, 0.02, 5, -4]);
    expect(done.density).toBeCloseTo(1 - 0.004073, 6);
    expect(done.kept).toBe(10);
  });

  it("drops all but the first of ten equal entries at the cap .95", async () => {
    const done = await run(Array.from({ length: 10 }, () => 0.3));
    expect(done.density).toBeCloseTo(0.05, 12);
    expect(done.kept).toBe(1);
    expect(done.values.findIndex((v) => v !== 0)).toBe(0);
  });

  it("drops an all-zero tensor at the cap, keeps small tensors and empty ones whole", async () => {
    expect(await run(new Float32Array(100))).toMatchObject({ kept: 5, by: "formula" });
    expect((await runSparsifier(tadrop, { tau: ramp })).tau).toMatchObject({
      kept: 10,
      by: "exempt",
      density: 1,
    });
    expect(await run([])).toMatchObject({ kept: 0, by: "exempt" });
    expect(await run([5])).toMatchObject({ kept: 1, by: "exempt" });
  });
});

describe("TADrop on known distributions", () => {
  const n = 8000;
  const uniform = (stream: string, i: number) => (coin(coinKey(3, "", stream), i) + 0.5) / coinRange;
  const gauss = (stream: string, i: number) =>
    Math.sqrt(-2 * Math.log(uniform(`${stream}r`, i))) * Math.cos(2 * Math.PI * uniform(`${stream}a`, i));
  const sample = (draw: (i: number) => number) => Float32Array.from({ length: n }, (_, i) => draw(i));

  // Ratios of population quantiles; the bound covers the sampling of Q99 at n = 8000.
  it.each([
    ["uniform", 0.505, (i: number) => uniform("u", i)],
    ["Gaussian", 0.262, (i: number) => gauss("g", i)],
    ["Laplace", 0.15, (i: number) => Math.log(uniform("l", i))],
    [
      "Student t3",
      0.131,
      (i: number) =>
        gauss("n", i) / Math.sqrt((gauss("x", i) ** 2 + gauss("y", i) ** 2 + gauss("z", i) ** 2) / 3),
    ],
  ])("has the rate of a %s: the heavier the tail, the less is dropped", async (_, expected, draw) => {
    expect(Math.abs(1 - (await run(sample(draw))).density - expected)).toBeLessThan(0.012);
  });
});

describe("TADrop on a budget", () => {
  const tensors = {
    even: Array.from({ length: 400 }, (_, i) => (i + 1) / 400),
    heavy: Array.from({ length: 300 }, (_, i) => 1 / (i + 1)),
    flat: Array.from({ length: 200 }, () => 1),
    small: [1, 2, 3],
  };
  const budget = { budget: true, target: 0.3 };

  it("reaches the target over the tensors that take part, and keeps their order", async () => {
    const free = await runSparsifier(tadrop, tensors);
    const done = await runSparsifier(tadrop, tensors, budget);
    const kept = done.even.kept + done.heavy.kept + done.flat.kept;
    expect(Math.abs(kept - 0.3 * 900)).toBeLessThanOrEqual(1);
    expect(done.small).toMatchObject({ by: "exempt", kept: 3 });
    expect(free.heavy.density).toBeGreaterThan(free.even.density);
    expect(done.heavy.density).toBeGreaterThan(done.even.density);
  });

  it("leaves locked tensors and set densities alone", async () => {
    const free = await runSparsifier(tadrop, tensors);
    const done = await runSparsifier(tadrop, tensors, budget, { locked: ["even"], density: { flat: 0.5 } });
    expect(done.even).toEqual(free.even);
    expect(done.flat).toMatchObject({ by: "rule", kept: 100 });
    expect(done.heavy.kept).toBe(90);
  });
});
