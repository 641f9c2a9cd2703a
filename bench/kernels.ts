/**
 * Speed of the kernels, one thread, against the in-run bandwidth of `Float32Array.set`: 3 × 25 M and 8 × 1 M values.
 *
 * GB/s counts every input read once and every output written once; "of copy" is that over the GB/s of a copy right
 * before. Variants take turns; printed are medians over rounds, and the share by least times, which a busy machine
 * disturbs least. Usage: npm run bench -- kernels
 */
import { coinKey } from "../src/core/random.ts";
import type { Kernels } from "../src/core/tensor/kernels.ts";
import { twin } from "../src/core/tensor/twin.ts";
import { simdKernels } from "../src/kernels/simd.ts";
import { median } from "./turns.ts";

/** Rounds of the long and of the short arrays. */
const ROUNDS = { long: 11, short: 101 };
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

function casesOf(experts: number, n: number): { readonly cases: readonly Case[]; copy(): void } {
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
  const digits = rows.map((row) => simd.digits(row));
  const halves = Uint16Array.from({ length: n }, (_, i) => 0x2000 + ((i * 40503) & 0x1fff));
  const each = (work: (row: Float32Array, k: number) => void) => () => rows.forEach(work);
  const f = 4 * n;
  const cases: Case[] = [
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
      name: "TADrop, digits cached",
      bytes: f * experts,
      run: (kernels) => each((row, k) => void kernels.quantiles(row, [0.5, 0.99], digits[k]))(),
    },
    {
      name: "weighted sum",
      bytes: f * (experts + 1),
      run: (kernels) => kernels.weightedSum(out, rows, weights),
    },
    { name: "TIES", bytes: f * (experts + 1), run: (kernels) => kernels.ties(out, rows, weights, TIES) },
    {
      name: "stitch, weights 1",
      bytes: f * (experts + 1),
      run: (kernels) =>
        kernels.stitch(
          out,
          trimmed,
          rows.map(() => 1),
        ),
    },
    ...(["f16", "bf16"] as const).map((kind) => ({
      name: `read ${kind}`,
      bytes: (2 * n + f) * experts,
      run: (kernels: Kernels) => each(() => kernels.fromHalf(out, halves, kind))(),
    })),
    { name: "norms", bytes: f * experts, run: (kernels) => each((row) => void kernels.norms(row))() },
  ];
  return { cases, copy: each((row) => out.set(row)) };
}

interface Round {
  readonly milliseconds: number;
  /** Of a copy of the same length right before. */
  readonly copying: number;
}

function clocked(work: () => void): number {
  const begin = performance.now();
  work();
  return performance.now() - begin;
}

function roundsOf(kernels: Kernels, cases: readonly Case[], copy: () => void, count: number) {
  const rounds = new Map(cases.map(({ name }) => [name, [] as Round[]]));
  for (let round = -1; round < count; round++) {
    for (const { name, run } of cases) {
      const copying = clocked(copy);
      const milliseconds = clocked(() => run(kernels));
      if (round >= 0) rounds.get(name)?.push({ milliseconds, copying });
    }
  }
  return rounds;
}

/** @param copied bytes that a copy reads and writes */
function print(
  cases: readonly Case[],
  rounds: ReadonlyMap<string, readonly Round[]>,
  copied: number,
  plain?: typeof rounds,
): void {
  const all = [...rounds.values()].flat();
  const leastCopy = Math.min(...all.map(({ copying }) => copying));
  for (const { name, bytes } of cases) {
    const own = rounds.get(name) ?? [];
    const ms = median(own.map(({ milliseconds }) => milliseconds));
    const least = Math.min(...own.map(({ milliseconds }) => milliseconds));
    const percent = (ratio: number) => ((100 * bytes * ratio) / copied).toFixed(0).padStart(4);
    const share = percent(median(own.map(({ milliseconds, copying }) => copying / milliseconds)));
    const twinMs = median((plain?.get(name) ?? []).map(({ milliseconds }) => milliseconds));
    console.log(
      `${name.padEnd(24)} ${ms.toFixed(2).padStart(8)} ms ${(bytes / ms / 1e6).toFixed(1).padStart(6)} GB/s ${share} % of copy, least by least ${percent(leastCopy / least)} %${plain ? `   twin ${(twinMs / ms).toFixed(1)}×` : ""}`,
    );
  }
  const copying = median(all.map((round) => round.copying));
  console.log(
    `${"Float32Array.set".padEnd(24)} ${copying.toFixed(2).padStart(8)} ms ${(copied / copying / 1e6).toFixed(1).padStart(6)} GB/s`,
  );
}

for (const [experts, n, length] of [
  [3, 25_000_000, "long"],
  [8, 125_000, "short"],
] as const) {
  const { cases, copy } = casesOf(experts, n);
  const copied = 8 * experts * n;
  const count = ROUNDS[length];
  const rounds = roundsOf(simd, cases, copy, count);
  console.log(`\n${experts} × ${n / 1e6} M, one thread, median of ${count} rounds`);
  print(cases, rounds, copied, length === "short" ? roundsOf(twin, cases, copy, 11) : undefined);
}
