/**
 * The sparsifier chain of every expert at every tensor, as keys: what is computed from what, without any values.
 *
 * A sparsifier's pass over the whole expert pools the tensors that share the parameters it reads, so a rule that
 * changes such a parameter for some tensors gives them a pool of their own. A density set by a rule goes to the first
 * sparsifier, and takes the tensor out of that one's pool; with an empty chain it trims by magnitude.
 */

import type { Evidence, EvidenceKind } from "../model/evidence.ts";
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
  /** What this stage needs of evidence about the expert. */
  readonly evidence: Evidence | undefined;
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
  readonly evidence: Evidence | undefined;
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
  readonly needs: EvidenceKind | undefined;
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
    return { params, json: sortedJson(params), needs: sparsifier.needs?.(params), poolJson };
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

/** What the stages of one expert are planned with. */
export interface ChainContext {
  readonly seed: number;
  readonly locks: ReadonlySet<string>;
  /** Evidence about the expert and its short name. @throws AppError recipe/missing-evidence */
  evidence(kind: EvidenceKind): { readonly evidence: Evidence; readonly name: string };
}

/** Gives one expert's sites their stages. `sites` are its merged tensors in the base's order. */
export function planChain(
  bare: readonly BareSite[],
  links: readonly Link[],
  context: ChainContext,
): readonly Site[] {
  const sites: GrowingSite[] = bare.map((site) => ({ ...site, stages: [], key: site.deltaKey }));
  if (links.length === 0) for (const site of sites) addHandTrim(site, context.seed);
  links.forEach((link, depth) => {
    addStages(sites, link, depth, context);
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
    evidence: undefined,
    pool: undefined,
    key,
  });
  site.key = key;
}

/** What a stage goes by at one site. */
interface StageInput {
  readonly params: LinkParams;
  readonly density: number | undefined;
  readonly witness: ReturnType<ChainContext["evidence"]> | undefined;
}

function addStages(sites: readonly GrowingSite[], link: Link, depth: number, context: ChainContext): void {
  const inputs = sites.map(({ resolved }): StageInput => {
    const params = link.paramsAt(resolved.overrides);
    return {
      params,
      density: depth === 0 ? resolved.density : undefined,
      witness: params.needs && context.evidence(params.needs),
    };
  });
  const pools = poolsOf(sites, link.sparsifier, inputs, depth, context.locks);
  const signatures = new Map<string, string>();
  const { seed } = context;
  sites.forEach((site, i) => {
    const { params, density, witness } = inputs[i];
    const pool =
      density === undefined && params.poolJson !== undefined ? pools.get(poolKey(inputs[i])) : undefined;
    const { id, revision } = link.sparsifier;
    const does = `${id}@${revision}${params.json}${density ?? ""}#${seed}${pool?.key ?? ""}:${site.expert}~${witness?.name ?? ""}`;
    const signature = signatures.get(does) ?? shortHash(does);
    signatures.set(does, signature);
    const key = `${site.key}>${signature}`;
    const { evidence } = witness ?? {};
    site.stages.push({
      sparsifier: link.sparsifier,
      params: params.params,
      seed,
      density,
      evidence,
      pool,
      key,
    });
  });
  for (const site of sites) site.key = site.stages[depth].key;
}

/** Equal for sites that one pass sees together. */
function poolKey({ params, witness }: StageInput): string {
  return `${params.poolJson}~${witness?.name ?? ""}`;
}

function poolsOf(
  sites: readonly Site[],
  sparsifier: Sparsifier,
  inputs: readonly StageInput[],
  depth: number,
  locks: ReadonlySet<string>,
): ReadonlyMap<string, Pool> {
  const groups = new Map<string, { readonly input: StageInput; readonly sites: Site[] }>();
  sites.forEach((site, i) => {
    const input = inputs[i];
    if (input.params.poolJson === undefined || input.density !== undefined) return;
    const key = poolKey(input);
    const group = groups.get(key);
    if (group) group.sites.push(site);
    else groups.set(key, { input, sites: [site] });
  });
  const pools = new Map<string, Pool>();
  for (const [together, { input, sites: members }] of groups) {
    const [{ expert }] = members;
    const locked = new Set(members.map(({ tensor }) => tensor.name).filter((name) => locks.has(name)));
    const before = members.map((site) => site.key).join("\n");
    const { id, revision } = sparsifier;
    const key = shortHash(`${id}@${revision}${together}:${expert}\n${[...locked].join(" ")}\n${before}`);
    const { params } = input.params;
    const evidence = input.witness?.evidence;
    pools.set(together, { key, sparsifier, params, expert, evidence, locked, members, depth });
  }
  return pools;
}
