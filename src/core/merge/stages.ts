/**
 * The stages of a merge, each cached under the key that the plan gave it:
 * task vector → after each sparsifier → mix of the method. λ and rounding come after, per image.
 */
import type { Context } from "../context.ts";
import { evidenceOn } from "../evidence/fit.ts";
import type { Product } from "../linalg/product.ts";
import type { PassMade, PrepareInput, Routes, TensorNote } from "../methods/method.ts";
import type { LowRank, ModelLibrary } from "../model/library.ts";
import type { VectorView } from "../sparsifiers/sparsifier.ts";
import type { TensorStats } from "../summary.ts";
import type { Digits, Kernels } from "../tensor/kernels.ts";
import { applyStage, type SiteReport, wholeReport } from "./apply-stage.ts";
import { bytesOf, type Cache, createCache } from "./cache.ts";
import type { Pool, Site } from "./chain.ts";
import type { MergedJob, Plan } from "./plan.ts";

export interface Stages {
  /** expert − base; cached, read-only. */
  delta(site: Pick<Site, "checkpoint" | "tensor" | "deltaKey">): Promise<Float32Array>;
  /** The task vector after all sparsifiers; cached, read-only. */
  vector(site: Site, run: Run): Promise<Float32Array>;
  report(site: Site, run: Run): Promise<SiteReport>;
  /** The method's output before λ; cached, read-only. */
  mix(plan: Plan, job: MergedJob, run: Run): Promise<Mix>;
  /** The method's output as a product of thin factors, before λ; undefined where it is none. */
  lowRank(plan: Plan, job: MergedJob, run: Run): Promise<Product | undefined>;
  /** What the method's pass reads, tensor by tensor; lent. */
  inputs(plan: Plan, run: Run): AsyncGenerator<PrepareInput>;
  /** Whether the method's pass need not be made any more. */
  isPrepared(key: string): boolean;
  /** Takes what others made of a long pass; the last that was given stays, whatever its size. */
  give(plan: Plan, made: PassMade, run: Run): Promise<void>;
  /** What the method told of a tensor that has been mixed. */
  note(job: MergedJob): TensorNote | undefined;
  /** Statistics by the keys of the task vectors that they are of. */
  readonly stats: Cache<TensorStats>;
  clear(): void;
  readonly bytes: number;
}

/** What a method makes of one tensor. */
export interface Mix {
  /** 1 row or K; none where the tensor is routed. */
  readonly rows: readonly Float32Array[];
  readonly routes?: Routes | undefined;
}

/** What one merge shares among its tensors: states stay at hand even when they outgrow the cache. */
export interface Run {
  readonly context: Context;
  readonly states: Map<string, Promise<unknown>>;
}

/** A task vector after some stages, and what they did. */
interface Reported {
  readonly rows: readonly Float32Array[];
  readonly report: SiteReport;
}

/** Results of one stage at one place. */
type Held = Mix & Partial<Reported>;

/** @param budget bytes of tensors held; states of passes may take half as much again */
export function createStages(library: ModelLibrary, kernels: Kernels, budget: number): Stages {
  const held = createCache<Held>(budget);
  const states = createCache<{ readonly state: unknown }>(budget / 2);
  const reports = createCache<SiteReport>(REPORTS);
  const notes = createCache<TensorNote>(REPORTS);
  const stats = createCache<TensorStats>(REPORTS);
  const digits = createCache<Digits>(REPORTS);
  let given: { readonly key: string; readonly state: unknown } | undefined;

  async function delta({ checkpoint, tensor, deltaKey }: Parameters<Stages["delta"]>[0]) {
    const known = held.get(deltaKey);
    if (known) return known.rows[0];
    const [expert, base] = await Promise.all([checkpoint.load(tensor.name), library.base.load(tensor.name)]);
    const out = kernels.alloc(base.length);
    kernels.delta(out, expert, base);
    held.set(deltaKey, { rows: [out] }, out.byteLength);
    return out;
  }

  /** The task vector after `depth` stages. */
  async function after(site: Site, depth: number, run: Run): Promise<Reported> {
    if (depth === 0) {
      const whole = await delta(site);
      return { rows: [whole], report: wholeReport(whole.length) };
    }
    const stage = site.stages[depth - 1];
    const known = held.get(stage.key);
    if (known?.report) return { rows: known.rows, report: known.report };

    const before = await after(site, depth - 1, run);
    const state = stage.pool && (await poolState(stage.pool, run));
    const evidence = stage.evidence && (await evidenceOn(stage.evidence, site.tensor));
    await run.context.breathe();
    const out = ownCopy(before.rows[0]);
    const work = { out, digits: digitsOf(site, depth - 1, before.rows[0]), state, evidence };
    const report = applyStage(site, stage, work, before.report, depth, kernels);
    held.set(stage.key, { rows: [out], report }, out.byteLength);
    reports.set(stage.key, report, REPORT_BYTES + 2 * stage.key.length);
    return { rows: [out], report };
  }

  /** An array to write in: the given one where no cache keeps it, for then nobody else has it. */
  function ownCopy(vector: Float32Array): Float32Array {
    // Not filled with zeros first, as those of kernels.alloc are.
    return held.keeps(vector.byteLength) ? new Float32Array(vector) : vector;
  }

  /** Top digits of the task vector after `depth` stages, counted once for all that is asked of it; none where nothing is kept. */
  function digitsOf(site: Site, depth: number, vector: Float32Array): (() => Digits) | undefined {
    if (!held.keeps(vector.byteLength)) return undefined;
    const key = depth === 0 ? site.deltaKey : site.stages[depth - 1].key;
    return () => {
      const known = digits.get(key);
      if (known) return known;
      const counted = kernels.digits(vector);
      digits.set(key, counted, counted.byteLength + 2 * key.length);
      return counted;
    };
  }

  function poolState(pool: Pool, run: Run): Promise<unknown> {
    return stateOf(pool.key, states, run, async () =>
      pool.sparsifier.prepare?.run(viewOf(pool, run), pool.params, kernels, {
        ...run.context,
        progress() {},
      }),
    );
  }

  function viewOf({ expert, evidence, members, locked, depth }: Pool, run: Run): VectorView {
    const sites = new Map(members.map((site) => [site.tensor.name, site]));
    const siteOf = (name: string) => {
      const site = sites.get(name);
      if (!site) throw new Error(`${name} is not in the pool of ${expert}`);
      return site;
    };
    return {
      expert,
      tensors: members.map((site) => site.tensor),
      locked,
      delta: async (name) => (await after(siteOf(name), depth, run)).rows[0],
      digits: async (name) => {
        const site = siteOf(name);
        return digitsOf(site, depth, (await after(site, depth, run)).rows[0])?.();
      },
      evidence: async (name) => evidence && evidenceOn(evidence, siteOf(name).tensor),
    };
  }

  async function vector(site: Site, run: Run): Promise<Float32Array> {
    return (await after(site, site.stages.length, run)).rows[0];
  }

  /** The site's row as the method wants it; read-only. */
  async function row({ method }: Plan, site: Site, run: Run): Promise<Float32Array> {
    if (method.space === "delta") return vector(site, run);
    if (site.stages.length === 0) return site.checkpoint.load(site.tensor.name);
    const sparse = await vector(site, run);
    const out = kernels.alloc(sparse.length);
    kernels.axpy(out, await library.base.load(site.tensor.name), sparse, 1);
    return out;
  }

  async function inputOf(
    plan: Plan,
    { as: spec, sites, weights }: MergedJob,
    run: Run,
  ): Promise<PrepareInput> {
    const rows: Float32Array[] = [];
    for (const site of sites) {
      await run.context.breathe();
      rows.push(await row(plan, site, run));
    }
    // What the last row was made of can go before the base comes.
    await run.context.breathe();
    const base = await library.base.load(spec.name);
    if (plan.method.lowRank ?? plan.method.route) {
      const factors = await Promise.all(sites.map(factorsAt));
      return { tensor: spec, rows, weights, base, factors, layer: plan.layers?.get(spec.name) };
    }
    if (!plan.evidence) return { tensor: spec, rows, weights, base };
    const evidence = await Promise.all(plan.evidence.map((one) => evidenceOn(one, spec)));
    const inputsFirst = plan.evidence.some(({ about }) => about.inputsFirst?.includes(spec.name));
    return { tensor: spec, rows, weights, base, evidence, inputsFirst };
  }

  async function* inputs(plan: Plan, run: Run) {
    for (const job of plan.jobs) {
      await run.context.breathe();
      if (job.kind === "merged" && job.as === job.spec) yield inputOf(plan, job, run);
    }
  }

  /** Makes the method's pass, or the rest of it. */
  async function prepared(plan: Plan, run: Run, made?: PassMade): Promise<unknown> {
    return plan.method.prepare?.run(inputs(plan, run), plan.params, kernels, run.context, made);
  }

  function methodState(plan: Plan, run: Run): Promise<unknown> | undefined {
    const { prepareKey } = plan;
    if (prepareKey === undefined) return undefined;
    if (given?.key === prepareKey) return Promise.resolve(given.state);
    return stateOf(prepareKey, states, run, () => prepared(plan, run));
  }

  return {
    delta,
    vector,
    async report(site, run) {
      const last = site.stages.at(-1);
      if (!last) return wholeReport(countOf(site));
      return reports.get(last.key) ?? (await after(site, site.stages.length, run)).report;
    },
    async mix(plan, job, run) {
      const known = held.get(job.mixKey);
      if (known) return known;
      const state = await methodState(plan, run);
      const input = await inputOf(plan, job, run);
      await run.context.breathe();
      const { mix, note } = mixed(plan, input, state, kernels);
      held.set(job.mixKey, mix, bytesOf(mix));
      if (note) notes.set(job.mixKey, note, bytesOf(note) + 2 * job.mixKey.length);
      return mix;
    },
    async lowRank(plan, job, run) {
      const { lowRank } = plan.method;
      return lowRank?.(await inputOf(plan, job, run), plan.params, kernels);
    },
    inputs,
    isPrepared: (key) => given?.key === key || states.get(key) !== undefined,
    async give(plan, made, run) {
      const { prepareKey: key } = plan;
      if (key !== undefined) given = { key, state: await prepared(plan, run, made) };
    },
    note: (job) => notes.get(job.mixKey),
    stats,
    clear() {
      given = undefined;
      for (const cache of [held, states, reports, notes, stats, digits]) cache.clear();
    },
    get bytes() {
      return held.bytes + states.bytes + reports.bytes + notes.bytes + stats.bytes + digits.bytes;
    },
  };
}

/** The task vector as an adapter's factors; undefined once it is sparsified. */
async function factorsAt({ checkpoint, tensor, stages }: Site): Promise<LowRank | undefined> {
  return stages.length === 0 ? checkpoint.factors?.(tensor.name) : undefined;
}

/** Lets the method at one tensor: its routes, or its rows. */
function mixed(
  { method, params, rows }: Plan,
  input: PrepareInput,
  state: unknown,
  kernels: Kernels,
): { readonly mix: Mix; readonly note: TensorNote | undefined } {
  const routes = method.route?.(input, params, kernels);
  if (routes) return { mix: { rows: [], routes }, note: routes.note };
  const out = Array.from({ length: rows }, () => kernels.alloc(input.base.length));
  const note = method.merge({ ...input, out }, params, state, kernels);
  return { mix: { rows: out }, note };
}

/** Bytes for reports: 100,000 sites, so that a summary never needs what the tensors' cache has let go of. */
const REPORTS = 32_000_000;
const REPORT_BYTES = 100;

/** The state of a pass: from this run, from the cache, or computed. A pass that fails is not remembered. */
function stateOf(
  key: string,
  cache: Cache<{ readonly state: unknown }>,
  run: Run,
  compute: () => Promise<unknown>,
): Promise<unknown> {
  const pending = run.states.get(key);
  if (pending) return pending;
  const known = cache.get(key);
  const state = known
    ? Promise.resolve(known.state)
    : compute().then((computed) => {
        cache.set(key, { state: computed }, bytesOf(computed));
        return computed;
      });
  run.states.set(key, state);
  return state;
}

function countOf({ tensor }: Site): number {
  return tensor.shape.reduce((product, dimension) => product * dimension, 1);
}
