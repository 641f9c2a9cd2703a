/**
 * The sparsifier chain of every expert at every tensor, as keys: what is computed from what, without any values.
 *
 * A sparsifier's pass over the whole expert pools the tensors that share the parameters it reads, so a rule that
 * changes such a parameter for some tensors gives them a pool of their own. A density set by a rule goes to the first
 * sparsifier, and takes the tensor out of that one's pool; with an empty chain it trims by magnitude.
 */

import type { Checkpoint } from "../model/library.ts";
import { completeParams } from "../recipe/complete.ts";
import { sortedJson } from "../recipe/json.ts";
import { shortHash } from "../recipe/key.ts";
import { findSparsifier, type Registry } from "../recipe/registry.ts";
import type { ResolvedSite } from "../recipe/resolve.ts";
import type { ExpertId, Params, Recipe } from "../recipe/schema.ts";
import type { Sparsifier } from "../sparsifiers/sparsifier.ts";
import type { TensorSpec } from "../tensor/tensor.ts";
import { handTrim } from "./hand-trim.ts";

/** One expert at one tensor of the merge. */
export interface Site {
  readonly expert: ExpertId;
  readonly checkpoint: Checkpoint;
  readonly tensor: TensorSpec;
  readonly resolved: ResolvedSite;
  readonly deltaKey: string;
  readonly stages: readonly Stage[];
  /** Key of the task vector after all stages. */
  readonly key: string;
}

/** One sparsifier at one site. */
export interface Stage {
  readonly sparsifier: Sparsifier;
  readonly params: Params;
  readonly seed: number;
  /** Set by a rule, for the first stage only. */
  readonly density: number | undefined;
  /** The pass over the whole expert that this stage needs. */
  readonly pool: Pool | undefined;
  /** Key of the task vector after this stage. */
  readonly key: string;
}

/** Tensors of one expert that one pass of a sparsifier sees together. */
export interface Pool {
  readonly key: string;
  readonly sparsifier: Sparsifier;
  readonly params: Params;
  readonly expert: ExpertId;
  readonly locked: ReadonlySet<string>;
  /** In the base's order. */
  readonly members: readonly Site[];
  /** Stages that the members have gone through before. */
  readonly depth: number;
}

/** A site while its stages are added. */
interface GrowingSite extends Site {
  readonly stages: Stage[];
  key: string;
}

/** One sparsifier of the chain with its parameters by override. */
interface Link {
  readonly sparsifier: Sparsifier;
  paramsAt(overrides: Params | undefined): LinkParams;
}

interface LinkParams {
  readonly params: Params;
  readonly json: string;
  /** Equal for sites that share a pool; undefined when no pass is needed. */
  readonly poolJson: string | undefined;
}

/** The enabled sparsifiers of a recipe, checked. @throws AppError recipe/unknown-sparsifier, recipe/malformed */
export function linksOf(recipe: Recipe, registry: Registry): readonly Link[] {
  return recipe.sparsifiers.flatMap((use, i) =>
    use.enabled ? [linkOf(findSparsifier(registry, use.id), use.params, `sparsifiers.${i}.params`)] : [],
  );
}

function linkOf(sparsifier: Sparsifier, given: Params, path: string): Link {
  const read = (params: Params): LinkParams => {
    const { prepare } = sparsifier;
    const reads: readonly string[] = prepare?.reads ?? [];
    const poolJson = prepare?.needed(params) ? sortedJson(reads.map((key) => params[key])) : undefined;
    return { params, json: sortedJson(params), poolJson };
  };
  const plain = read(completeParams(sparsifier, given, path));
  const overridden = new Map<string, LinkParams>();
  const prefix = `${sparsifier.id}.`;

  return {
    sparsifier,
    paramsAt(overrides) {
      if (!overrides) return plain;
      const own = Object.entries(overrides)
        .filter(([key]) => key.startsWith(prefix))
        .map(([key, value]) => [key.slice(prefix.length), value] as const);
      if (own.length === 0) return plain;
      const json = sortedJson(Object.fromEntries(own));
      let found = overridden.get(json);
      if (!found) {
        found = read(completeParams(sparsifier, { ...plain.params, ...Object.fromEntries(own) }, path));
        overridden.set(json, found);
      }
      return found;
    },
  };
}

/** A site before its chain. */
export type BareSite = Omit<Site, "stages" | "key">;

/** Gives one expert's sites their stages. `sites` are its merged tensors in the base's order. */
export function planChain(
  bare: readonly BareSite[],
  links: readonly Link[],
  recipe: Pick<Recipe, "seed" | "locks">,
): readonly Site[] {
  const sites: GrowingSite[] = bare.map((site) => ({ ...site, stages: [], key: site.deltaKey }));
  const locks = new Set(recipe.locks);
  if (links.length === 0) for (const site of sites) addHandTrim(site, recipe.seed);
  links.forEach((link, depth) => {
    addStages(sites, link, depth, recipe.seed, locks);
  });
  return sites;
}

function addHandTrim(site: GrowingSite, seed: number): void {
  const { density } = site.resolved;
  if (density === undefined) return;
  const key = `${site.key}>trim=${density}`;
  site.stages.push({
    sparsifier: handTrim,
    params: {},
    seed,
    density,
    pool: undefined,
    key,
  });
  site.key = key;
}

function addStages(
  sites: readonly GrowingSite[],
  link: Link,
  depth: number,
  seed: number,
  locks: ReadonlySet<string>,
): void {
  const params = sites.map((site) => link.paramsAt(site.resolved.overrides));
  const densities = sites.map((site) => (depth === 0 ? site.resolved.density : undefined));
  const pools = poolsOf(sites, link.sparsifier, params, densities, depth, locks);
  const signatures = new Map<string, string>();
  sites.forEach((site, i) => {
    const { poolJson, json, params: own } = params[i];
    const density = densities[i];
    const pool = density === undefined && poolJson !== undefined ? pools.get(poolJson) : undefined;
    const { id, revision } = link.sparsifier;
    const does = `${id}@${revision}${json}${density ?? ""}#${seed}${pool?.key ?? ""}:${site.expert}`;
    const signature = signatures.get(does) ?? shortHash(does);
    signatures.set(does, signature);
    const key = `${site.key}>${signature}`;
    site.stages.push({ sparsifier: link.sparsifier, params: own, seed, density, pool, key });
  });
  for (const site of sites) site.key = site.stages[depth].key;
}

function poolsOf(
  sites: readonly Site[],
  sparsifier: Sparsifier,
  params: readonly LinkParams[],
  densities: readonly (number | undefined)[],
  depth: number,
  locks: ReadonlySet<string>,
): ReadonlyMap<string, Pool> {
  const members = new Map<string, { readonly params: Params; readonly sites: Site[] }>();
  sites.forEach((site, i) => {
    const { poolJson, params: own } = params[i];
    if (poolJson === undefined || densities[i] !== undefined) return;
    const group = members.get(poolJson);
    if (group) group.sites.push(site);
    else members.set(poolJson, { params: own, sites: [site] });
  });
  const pools = new Map<string, Pool>();
  for (const [json, group] of members) {
    const [{ expert }] = group.sites;
    const locked = new Set(group.sites.map(({ tensor }) => tensor.name).filter((name) => locks.has(name)));
    const inputs = group.sites.map((site) => site.key).join("\n");
    const { id, revision } = sparsifier;
    const key = shortHash(`${id}@${revision}${json}:${expert}\n${[...locked].join(" ")}\n${inputs}`);
    pools.set(json, { key, sparsifier, params: group.params, expert, locked, members: group.sites, depth });
  }
  return pools;
}
