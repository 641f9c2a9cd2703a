/** Regions of the fixture's recipe, counted and measured: plausible numbers, the same every time. */
import { curveGrafts, graftRows } from "#app/grafts.ts";
import { store } from "#app/store.ts";
import { wilson } from "#core/eval/metrics.ts";
import type { Subset } from "#core/eval/report.ts";
import { recipeKey } from "#core/recipe/key.ts";
import { regionsOnly } from "#core/recipe/regions.ts";
import type { Recipe } from "#core/recipe/schema.ts";
import type { LibraryCard, MaskShare, MaskSummary } from "#core/summary.ts";
import { noise } from "./fixture.ts";

/** Regions of about this density; those of neighbouring experts share more than chance would. */
export function fixtureMasks(library: LibraryCard, recipe: Recipe, density = 0.05): MaskSummary {
  const experts = recipe.experts.filter(({ enabled }) => enabled).map(({ id }) => id);
  const tensors = library.tensors.map(({ name, count, role }): MaskShare => {
    const usual = role === "attention" ? 1.6 : role === "mlp" ? 0.9 : 0.5;
    const kept = experts.map((id) =>
      Math.min(count, Math.floor(density * count * usual * (0.6 + 0.8 * noise(`${id} ${name}`)))),
    );
    return { name, entries: count, kept };
  });
  const total = tensors.reduce((sum, { entries }) => sum + entries, 0);
  const by = (of: (index: number) => string): readonly MaskShare[] => {
    const parts = new Map<string, MaskShare>();
    tensors.forEach(({ entries, kept }, i) => {
      const name = of(i);
      const part = parts.get(name) ?? { name, entries: 0, kept: experts.map(() => 0) };
      const sum = part.kept.map((count, k) => count + (kept[k] ?? 0));
      parts.set(name, { name, entries: part.entries + entries, kept: sum });
    });
    return [...parts.values()];
  };
  const sizes = experts.map((_, k) => tensors.reduce((sum, { kept }) => sum + (kept[k] ?? 0), 0));
  const rest = [0, 0.11, 0.034, 0.009, 0.002].slice(0, experts.length + 1);
  const overlap = rest.map((share) => Math.round(share * total));
  overlap[0] = total - overlap.reduce((sum, count) => sum + count, 0);
  return {
    experts,
    tensors,
    roles: by((i) => library.tensors[i]?.role ?? "other"),
    blocks: by((i) => library.tensors[i]?.block ?? ""),
    overlap,
    jaccard: experts.map((a, i) =>
      experts.map((b, j) => (i === j ? 1 : 0.06 + 0.16 * noise([a, b].sort().join(" ")))),
    ),
    modelBytes: 4 * total,
    regionBytes: sizes.map((size) => 8 * size),
  };
}

/** Puts regions into the store: only counted, half measured, or whole. The fixture must be open. */
export function fillMasks(state: "counted" | "running" | "done"): void {
  const { library, recipe, evidence, patchMasks, putGrafted } = store.getState();
  if (!library || !recipe) throw new Error("open the fixture first");
  const summary = fixtureMasks(library, recipe);
  patchMasks({
    masks: { key: recipeKey(regionsOnly(recipe)), summary, failure: undefined },
    graftRun: undefined,
  });
  if (state === "counted") return;
  const put = (key: string, share: number, subset: Subset) => {
    const n = subset === "quick" ? 256 : 1000;
    putGrafted(key, { accuracy: wilson(Math.round(n * share), n), subset });
  };
  graftRows(recipe, library, summary).forEach(({ base, region, random, whole }, i) => {
    const subset = state === "running" && i > 0 ? "quick" : "full";
    put(base.key, 0.64 + 0.05 * i, subset);
    put(random.key, 0.645 + 0.05 * i, subset);
    put(region.key, 0.86 + 0.02 * i, subset);
    if (state === "done" || i < 2) put(whole.key, 0.965, subset);
  });
  const [first] = recipe.experts;
  const curve = first && curveGrafts(recipe, library, evidence, first.id);
  for (const { kind, density, graft } of curve?.points ?? []) {
    const back = { magnitude: 0.62, random: 0.06, trained: 0.9, sensitivity: 0.2 }[kind];
    put(graft.key, 0.64 + 0.325 * Math.min(1, back * (1 + 0.22 * Math.log10(density / 0.01))), "full");
  }
  const of = { kind: "regions" } as const;
  const progress = { done: 5600, total: 16_000 };
  patchMasks({
    graftRun: { of, state: state === "done" ? "done" : "running", progress, failure: undefined },
  });
}
