/** One recipe in several programs: what the lens computes, beside the programs' own steps in plain arithmetic. */
import { describe, expect, test } from "vitest";
import { quietContext } from "./context.ts";
import { createMerger } from "./merge/run.ts";
import { completeParams } from "./recipe/complete.ts";
import { builtIn, findMethod, findSparsifier } from "./recipe/registry.ts";
import { type Params, recipe as recipeSchema } from "./recipe/schema.ts";
import { type Dialect, readingsOf } from "./semantics.ts";
import { twin } from "./tensor/twin.ts";
import { smallLibrary } from "./testing/small-library.ts";

/** Task vectors by tensor; sums are exact in f32, some entries cancel, some magnitudes tie. */
const taus = {
  x: [
    [4, -3, 2, -1, 0.5, 0],
    [1, 3, -2, 2, 0, 0.25],
    [-2, 1, 1, -4, 0.25, -0.25],
  ],
  y: [
    [-8, -0.5, 1, -1],
    [8, -6, -1, 1],
    [-0.5, -3, -3, 0.125],
  ],
};
const ids = ["a", "b", "c"];
const names = ["x", "y"] as const;

/** Merges the task vectors onto a base of zeros, as the program reads the recipe; tensor after tensor. */
async function read(
  dialect: Dialect,
  [method, chain]: readonly [string, string | undefined],
  {
    weights = [1, 1, 1],
    params = {},
    vectors = taus,
  }: { weights?: readonly number[]; params?: Params; vectors?: Readonly<Record<string, number[][]>> } = {},
) {
  const tensors = (rows: (all: number[][]) => number[]) =>
    Object.entries(vectors).map(([name, all]) => ({ name, shape: [all[0].length], values: rows(all) }));
  const library = smallLibrary(
    tensors((all) => all[0].map(() => 0)),
    Object.fromEntries(ids.map((id, k) => [id, { 1: tensors((all) => all[k] ?? []) }])),
  );
  const recipe = recipeSchema.parse({
    version: 1,
    base: library.base.id,
    seed: 3,
    outDtype: "f32",
    method: { id: method, params: completeParams(findMethod(builtIn, method), {}, "method") },
    sparsifiers: chain
      ? [
          {
            id: chain,
            enabled: true,
            params: completeParams(findSparsifier(builtIn, chain), params, "chain"),
          },
        ]
      : [],
    experts: ids.map((id, k) => ({ id, enabled: true, weight: weights[k] })),
    lambda: 1,
    rules: [],
  });
  const reading = readingsOf(recipe).find(({ dialects }) => dialects.includes(dialect));
  if (!reading) throw new Error(`${dialect} says nothing`);
  const out: number[] = [];
  for await (const { rows } of createMerger(library, twin).full(reading.recipe, quietContext)) {
    out.push(...(rows[0] ?? []));
  }
  return out;
}

const bySize = (values: readonly number[]) =>
  [...values.keys()].sort((i, j) => Math.abs(values[j]) - Math.abs(values[i]) || i - j);

/** The k largest, equals at the lower index. */
function topK(values: readonly number[], k: number): number[] {
  const kept = new Set(bySize(values).slice(0, k));
  return values.map((value, i) => (kept.has(i) ? value : 0));
}

/** Per entry over the experts. */
const columns = (rows: readonly number[][]) => rows[0].map((_, i) => rows.map((row) => row[i]));
const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
/** The experts' vectors over the whole model. */
const flat = ids.map((_, k) => [...taus.x[k], ...taus.y[k]]);

describe("TIES with the top half", () => {
  const half = { params: { density: 0.5 } };

  test("in the paper: of the whole model, a vote of zero elects plus, the mean of those that agree", async () => {
    const merged = columns(flat.map((row) => topK(row, 5))).map((entry) => {
      const sign = sum(entry) >= 0 ? 1 : -1;
      const agreeing = entry.filter((value) => value * sign > 0);
      return agreeing.length === 0 ? 0 : sum(agreeing) / agreeing.length;
    });
    expect(await read("paper", ["ties", "magnitude"], half)).toBeAllclose(merged);
  });

  const tilted = { ...taus, x: taus.x.map((row) => row.with(0, -Math.abs(row[0]))) };
  const mirrored = Object.fromEntries(
    Object.entries(tilted).map(([name, rows]) => [name, rows.map((row) => row.map((value) => -value))]),
  );

  test.each([
    [-1, tilted],
    [0, taus],
    [1, mirrored],
  ])(
    "in FusionBench: all that reach the sixth, a vote of zero elects the model's majority, here %i, their sum",
    async (lean, vectors) => {
      const trimmed = ids.map((_, k) => {
        const row = Object.values(vectors).flatMap((rows) => rows[k]);
        const sixth = Math.abs(row[bySize(row)[5]]);
        return row.map((value) => (Math.abs(value) >= sixth ? value : 0));
      });
      const signs = columns(trimmed).map((entry) => Math.sign(sum(entry)));
      const majority = Math.sign(sum(signs));
      expect(majority + 0).toBe(lean);
      expect(signs.some((sign, i) => sign === 0 && trimmed.some((row) => row[i] !== 0))).toBe(true);
      const merged = columns(trimmed).map((entry, i) => {
        const isPlus = (signs[i] === 0 ? majority : signs[i]) > 0;
        return sum(entry.filter((value) => (isPlus ? value > 0 : value < 0)));
      });
      expect(await read("fusion-bench", ["ties", "magnitude"], { ...half, vectors })).toBeAllclose(merged);
    },
  );

  const weights = [0.5, 0.25, 1];

  test("in mergekit: of each tensor, votes and divisor with the weights", async () => {
    const merged = names.flatMap((name) => {
      const rows = taus[name].map((row) => topK(row, Math.trunc(0.5 * row.length)));
      const entries = columns(rows.map((row, k) => row.map((value) => weights[k] * value)));
      return entries.map((entry) => {
        const sign = sum(entry) >= 0 ? 1 : -1;
        const agrees = entry.map((value) => Math.sign(value) === sign);
        const mass = sum(weights.filter((_, k) => agrees[k]));
        return sum(entry.filter((_, k) => agrees[k])) / (mass === 0 ? 1 : mass);
      });
    });
    expect(await read("mergekit", ["ties", "magnitude"], { ...half, weights })).toBeAllclose(merged);
  });

  test("in peft: of each tensor, plain votes, divided by the number of those that agree", async () => {
    const merged = names.flatMap((name) => {
      const rows = taus[name].map((row) => topK(row, Math.trunc(0.5 * row.length)));
      return columns(rows).map((entry) => {
        const sign = sum(entry) >= 0 ? 1 : -1;
        const agreeing = [...entry.keys()].filter((k) => Math.sign(entry[k]) === sign);
        return sum(agreeing.map((k) => weights[k] * entry[k])) / Math.max(1, agreeing.length);
      });
    });
    expect(await read("peft", ["ties", "magnitude"], { ...half, weights })).toBeAllclose(merged);
  });
});

/** One expert's vector with entries that all differ, so that a mask can be read off what is left. */
const lone = Array.from({ length: 120 }, (_, i) => (i % 2 ? -1 : 1) * (1 + ((i * 37) % 120) / 16));
const alone = { v: [lone, lone.map(() => 0), lone.map(() => 0)] };
const l1 = (values: readonly number[]) => sum(values.map(Math.abs));
const masked = (values: readonly number[], like: readonly number[]) =>
  values.map((value, i) => (like[i] === 0 ? 0 : value));

describe("random drops at density .25", () => {
  test.each(["paper", "peft", "fusion-bench"] as const)(
    "of DARE in %s: survivors times 4",
    async (dialect) => {
      const v = await read(dialect, ["task-arithmetic", "dare"], {
        params: { density: 0.25 },
        vectors: alone,
      });
      expect(v.filter((value) => value !== 0).length).toBeGreaterThan(10);
      expect(v).toBeAllclose(masked(lone, v).map((value) => 4 * value));
    },
  );

  test("of DARE in mergekit: until the sum of magnitudes is what it was", async () => {
    const v = await read("mergekit", ["task-arithmetic", "dare"], {
      params: { density: 0.25 },
      vectors: alone,
    });
    const kept = masked(lone, v);
    expect(v).toBeAllclose(kept.map((value) => (value * l1(lone)) / l1(kept)));
  });

  const params = { density: 0.25, epsilon: 0.125 };
  /** (d − ε) + rank / (n − 1) · 2ε, ranks from 0 for the smallest. */
  const chances = lone.map(
    (_, i) => 0.125 + (0.25 * (lone.length - 1 - bySize(lone).indexOf(i))) / (lone.length - 1),
  );

  test("of DELLA in the paper: each survivor by its own chance", async () => {
    const v = await read("paper", ["task-arithmetic", "della"], { params, vectors: alone });
    expect(v).toBeAllclose(
      masked(lone, v).map((value, i) => value / chances[i]),
      { rtol: 1e-6 },
    );
  });

  test("of DELLA in mergekit: until the sum of magnitudes is what it was", async () => {
    const v = await read("mergekit", ["task-arithmetic", "della"], { params, vectors: alone });
    const kept = masked(lone, v);
    expect(v).toBeAllclose(kept.map((value) => (value * l1(lone)) / l1(kept)));
  });
});

describe("Breadcrumbs, an outlier in fifty", () => {
  const few = lone.slice(0, 49);
  const vectors = {
    many: alone.v,
    few: [few, few.map(() => 0), few.map(() => 0)],
  };
  const params = { density: 0.5, gamma: 0.02 };
  const between = (values: readonly number[], top: number, k: number) => {
    const kept = new Set(bySize(values).slice(top, top + k));
    return values.map((value, i) => (kept.has(i) ? value : 0));
  };

  test("in the paper: what lies between the largest and the small, none of 49 being an outlier", async () => {
    const out = await read("paper", ["task-arithmetic", "breadcrumbs"], { params, vectors });
    expect(out).toBeAllclose([...between(lone, 2, 60), ...between(few, 0, 24)]);
  });

  test("in mergekit: a tensor without an outlier is lost", async () => {
    const out = await read("mergekit", ["task-arithmetic", "breadcrumbs"], { params, vectors });
    expect(out).toBeAllclose([...between(lone, 2, 60), ...few.map(() => 0)]);
  });
});

describe("Model Stock of three", () => {
  const vectors = {
    v: [
      [1, 0, 0],
      [1, 1, 0],
      [1, 1, 1],
    ],
  };
  const cosines = [1 / Math.SQRT2, 1 / Math.sqrt(3), 2 / Math.sqrt(6)];
  const merged = (cosine: number) => {
    const t = (3 * cosine) / (1 + 2 * cosine);
    return [1, 2 / 3, 1 / 3].map((value) => t * value);
  };

  test("in mergekit goes by the mean cosine", async () => {
    const v = await read("mergekit", ["model-stock", undefined], { vectors });
    expect(v).toBeAllclose(merged(sum(cosines) / 3), { rtol: 1e-6 });
  });

  test("in FusionBench by the cosine of the mean angle", async () => {
    const v = await read("fusion-bench", ["model-stock", undefined], { vectors });
    expect(v).toBeAllclose(merged(Math.cos(sum(cosines.map(Math.acos)) / 3)), { rtol: 1e-6 });
  });
});
