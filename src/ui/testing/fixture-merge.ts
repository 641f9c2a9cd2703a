/** What a merge of the fixture's recipe would report: statistics and summaries, plausible rather than computed. */
import type { Recipe } from "#core/recipe/schema.ts";
import type { MergeSummary, SiteSummary, TensorCard, TensorStats, TensorSummary } from "#core/summary.ts";
import { noise } from "./fixture.ts";

const bins = 48;

/** Half-normal bins of |τ| with a tail: what fine-tuning leaves. */
function histogram(count: number, seed: string): readonly number[] {
  const spread = 0.12 + 0.14 * noise(`${seed} spread`);
  return Array.from({ length: bins }, (_, bin) => {
    const x = (bin + 0.5) / bins / spread;
    const share = (Math.exp((-x * x) / 2) * 0.8) / bins / spread;
    return Math.round(share * count * (0.85 + 0.3 * noise(`${seed} ${bin}`)));
  });
}

export function fixtureStats(
  tensors: readonly TensorCard[],
  experts: readonly string[],
): readonly TensorStats[] {
  return tensors.map(({ name, count }) => ({
    name,
    experts: experts.map((expert) => {
      const seed = `${name} ${expert}`;
      const relative = 0.05 + 0.4 * noise(`${seed} relative`);
      return {
        expert,
        norm: relative * Math.sqrt(count) * 0.12,
        relative,
        histogram: histogram(count, seed),
        max: 0.02 + 0.05 * noise(`${seed} max`),
      };
    }),
    cosine: -0.04 + 0.3 * noise(`${name} cosine`),
    conflict: 0.32 + 0.18 * noise(`${name} conflict`),
  }));
}

function site(tensor: TensorCard, expert: string, recipe: Recipe): SiteSummary {
  const asked = recipe.sparsifiers[0]?.params.density;
  let aim = typeof asked === "number" ? asked : 1;
  let found: number | undefined;
  recipe.rules.forEach((rule, i) => {
    const here = rule.match.names?.includes(tensor.name) ?? rule.match.role === tensor.role;
    if (here && (rule.experts?.includes(expert) ?? true) && typeof rule.set.density === "number") {
      aim = rule.set.density;
      found = i;
    }
  });
  const kept = Math.floor(aim * tensor.count);
  const seed = `${tensor.name} ${expert}`;
  const max = 0.02 + 0.05 * noise(`${seed} max`);
  return {
    expert,
    aim,
    kept,
    density: kept / tensor.count,
    threshold: quantile(histogram(tensor.count, seed), max, 1 - aim),
    by: found === undefined ? "param" : "rule",
    ...(found === undefined ? {} : { rule: found }),
    weight: 1,
  };
}

/** |τ| under which a share of the entries lies, read off the bins. */
function quantile(counts: readonly number[], max: number, share: number): number {
  let left = share * counts.reduce((sum, count) => sum + count, 0);
  const bin = counts.findIndex((count) => {
    left -= count;
    return left <= 0;
  });
  const within = 1 + left / Math.max(1, counts[bin] ?? 1);
  return (max * (Math.max(0, bin) + within)) / counts.length;
}

/** What the merge did; follows the recipe's λ, density and rules by name or role. */
export function fixtureSummary(
  tensors: readonly TensorCard[],
  recipe: Recipe,
  key = "fixture",
): MergeSummary {
  const rows = tensors.map((tensor): TensorSummary => {
    const keep = recipe.rules.findLast((rule) => rule.keep && rule.match.names?.includes(tensor.name))?.keep;
    return {
      name: tensor.name,
      lambda: recipe.lambda,
      ...(keep ? { keep } : {}),
      sites: recipe.experts.map(({ id }) => site(tensor, id, recipe)),
    };
  });
  return {
    recipeKey: key,
    revision: 1,
    changed: rows.length,
    total: rows.length,
    milliseconds: 12,
    tensors: rows,
    warnings: [],
  };
}
