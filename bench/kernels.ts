/**
 * Speed of the kernels, one thread, against the in-run bandwidth of `Float32Array.set`: 3 × 25 M and 8 × 1 M values.
 *
 * GB/s counts every input read once and every output written once; "of copy" is that over the copy's. Variants take
 * turns, and the median of their rounds is printed. Usage: node scripts/run-ts.mjs bench/kernels.ts
 */
import { localizeAndStitch } from "../src/core/methods/localize-and-stitch.ts";
import type { MergeInput } from "../src/core/methods/method.ts";
import { coinKey } from "../src/core/random.ts";
import type { Kernels } from "../src/core/tensor/kernels.ts";
import { twin } from "../src/core/tensor/twin.ts";
import { simdKernels } from "../src/kernels/simd.ts";
import { median } from "./turns.ts";

const ROUNDS = 7;
const simd = simdKernels();
const key = coinKey(1, "bench", "tensor");
const TIES = { vote: "weighted", tie: "plus", average: "weights" } as const;

interface Case {
  readonly name: string;
  /** Bytes read and written once. */
  readonly bytes: number;
  run(kernels: Kernels): void;
}

/** Student-t-like values, of another scale per expert. */
function taskVector(n: number, seed: number): Float32Array<ArrayBuffer> {
  const x = new Float32Array(n);
  let state = seed * 0x9e3779b9;
  for (let i = 0; i < n; i++) {
    state = Math.imul(state ^ (state >>> 16), 0x21f0aaad) + i;
    const u = (state >>> 8) / 2 ** 24 - 0.5;
    x[i] = (u / (1.02 - 2 * Math.abs(u)) ** 0.25) * 0.01 * (1 + seed / 4);
  }
  return x;
}

function casesOf(experts: number, n: number): readonly Case[] {
  const rows = Array.from({ length: experts }, (_, k) => taskVector(n, k + 1));
  const base = taskVector(n, 99);
  const out = new Float32Array(n);
  const weights = rows.map((_, k) => 0.3 + k / 10);
  const cuts = rows.map((row) => simd.select(row, Math.floor(n * 0.2)));
  const trimmed = rows.map((row, k) => {
    const region = new Float32Array(n);
    simd.trim(region, row, cuts[k]!);
    return region;
  });
  const tensor = { name: "bench", dtype: "f32", shape: [n] } as const;
  const halves = Uint16Array.from({ length: n }, (_, i) => 0x2000 + ((i * 40503) & 0x1fff));
  const each = (work: (row: Float32Array, k: number) => void) => () => rows.forEach(work);
  const f = 4 * n;
  return [
    {
      name: "task vector",
      bytes: 3 * f * experts,
      run: (kernels) => each((row) => kernels.delta(out, row, base))(),
    },
    {
      name: "k-th magnitude",
      bytes: f * experts,
      run: (kernels) => each((row) => void kernels.select(row, n / 5))(),
    },
    {
      name: "trim",
      bytes: 2 * f * experts,
      run: (kernels) => each((row, k) => void kernels.trim(out, row, cuts[k]!))(),
    },
    {
      name: "DARE",
      bytes: 2 * f * experts,
      run: (kernels) => each((row) => void kernels.drop(out, row, key, 0.2, 5))(),
    },
    {
      name: "TADrop quantiles",
      bytes: f * experts,
      run: (kernels) => each((row) => void kernels.quantiles(row, [0.5, 0.99]))(),
    },
    {
      name: "weighted sum",
      bytes: f * (experts + 1),
      run: (kernels) => kernels.weightedSum(out, rows, weights),
    },
    { name: "TIES", bytes: f * (experts + 1), run: (kernels) => kernels.ties(out, rows, weights, TIES) },
    {
      name: "stitch",
      bytes: f * (experts + 1),
      run: (kernels) => stitch({ tensor, rows: trimmed, weights, base, out: [out] }, kernels),
    },
    ...(["f16", "bf16"] as const).map((kind) => ({
      name: `read ${kind}`,
      bytes: (2 * n + f) * experts,
      run: (kernels: Kernels) => each(() => kernels.fromHalf(out, halves, kind))(),
    })),
    { name: "norms", bytes: f * experts, run: (kernels) => each((row) => void kernels.norms(row))() },
    { name: "copy (Float32Array.set)", bytes: 2 * f * experts, run: () => each((row) => out.set(row))() },
  ];
}

function stitch(input: MergeInput, kernels: Kernels): void {
  localizeAndStitch.merge(input, { overlap: "average" }, undefined, kernels);
}

function time(work: () => void): number {
  const begin = performance.now();
  work();
  return performance.now() - begin;
}

for (const [experts, n] of [
  [3, 25_000_000],
  [8, 125_000],
] as const) {
  const cases = casesOf(experts, n);
  const forms = n > 1e6 ? { simd } : { simd, twin };
  const spent = new Map<string, number[]>();
  for (let round = 0; round <= ROUNDS; round++) {
    for (const { name, run } of cases) {
      for (const [form, kernels] of Object.entries(forms)) {
        const ms = time(() => run(kernels));
        const list = spent.get(`${name}|${form}`) ?? [];
        if (round > 0) list.push(ms);
        spent.set(`${name}|${form}`, list);
      }
    }
  }
  const copy = median(spent.get("copy (Float32Array.set)|simd") ?? []);
  const bandwidth = cases.at(-1)!.bytes / copy;
  console.log(`\n${experts} × ${n / 1e6} M, one thread, median of ${ROUNDS} rounds`);
  for (const { name, bytes } of cases) {
    const ms = median(spent.get(`${name}|simd`) ?? []);
    const plain = spent.get(`${name}|twin`);
    const speed = bytes / ms;
    console.log(
      `${name.padEnd(24)} ${ms.toFixed(2).padStart(8)} ms ${(speed / 1e6).toFixed(1).padStart(6)} GB/s ${((100 * speed) / bandwidth).toFixed(0).padStart(4)} % of copy${plain ? `   twin ${(median(plain) / ms).toFixed(1)}×` : ""}`,
    );
  }
}
