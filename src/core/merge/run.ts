/** Runs merges: plans, computes what changed, hands it out, and remembers what each image holds. */
import type { Context } from "../context.ts";
import { AppError } from "../errors.ts";
import type { Checkpoint, ModelLibrary } from "../model/library.ts";
import { roleOf } from "../model/roles.ts";
import { recipeKeyIn } from "../recipe/key.ts";
import type { Matchable } from "../recipe/match.ts";
import { builtIn, findMethod, type Registry } from "../recipe/registry.ts";
import type { Recipe } from "../recipe/schema.ts";
import { type RoutedSite, routedNames } from "../routing/sites.ts";
import type { MergeSummary } from "../summary.ts";
import type { Kernels } from "../tensor/kernels.ts";
import { describeExperts } from "./describe.ts";
import { dtypeOf, finish, isFromBase } from "./finish.ts";
import type { Emit, MergedTensor, Merger, PassInput, SparseVectors } from "./merger.ts";
import { openExperts } from "./open.ts";
import { outlineOf } from "./outline.ts";
import { paced } from "./pace.ts";
import { type Job, type Plan, type PlanContext, planMerge } from "./plan.ts";
import { createStages, type Run } from "./stages.ts";
import { type Outcome, summariseTensor, warnOfResults } from "./summarise.ts";
import { updatesOf } from "./updates.ts";

export interface MergerOptions {
  readonly registry?: Registry;
  /** Bytes of intermediate tensors to hold; 256 MB unless told. */
  readonly budget?: number;
  /** Milliseconds, for pacing and timing. */
  now?(): number;
}

/** Task vectors, sparse ones and mixes of eight zoo experts fit several times over. */
const BUDGET = 256 * 2 ** 20;

/** What an image holds of one tensor. */
interface Placed {
  readonly key: string;
  readonly nonFinite: number;
  readonly overflow: number;
  readonly routed: RoutedSite | undefined;
}

interface Image {
  placed: Map<string, Placed>;
  /** Ends when the last merge into this image has ended, however it did. */
  idle: Promise<unknown>;
}

/**
 * A merger over a library. Merges into different images may run at the same time; those into one image take turns.
 */
export function createMerger(library: ModelLibrary, kernels: Kernels, options: MergerOptions = {}): Merger {
  const { registry = builtIn, budget = BUDGET, now = Date.now } = options;
  const stages = createStages(library, kernels, budget);
  const images = new Map<string, Image>();
  const planning: PlanContext = { library, registry, nameOf: namer(), tensorsOf: listing() };
  let revision = 0;

  function startRun(context: Context): Run {
    return { context: paced(context, now), states: new Map() };
  }

  async function planFor(recipe: Recipe): Promise<Plan> {
    const isRouted = findMethod(registry, recipe.method.id).output === "routed";
    const layers = isRouted ? await layersOf(library) : undefined;
    return planMerge(recipe, await openExperts(recipe, library), { ...planning, layers });
  }

  async function place(plan: Plan, job: Job, image: Image, emit: Emit, run: Run): Promise<Placed> {
    const known = image.placed.get(job.spec.name);
    if (known?.key === job.key) return known;
    const { rows, nonFinite, overflow, routed } = await finish(plan, job, stages, library, kernels, run);
    run.context.signal.throwIfAborted();
    const placed = { key: job.key, nonFinite, overflow, routed: routed?.site };
    emit(job.spec.name, rows);
    if (known?.routed && !routed) for (const name of routedNames(known.routed)) emit(name, []);
    for (const { spec, values } of routed?.inputs ?? []) emit(spec.name, [values]);
    image.placed.set(job.spec.name, placed);
    return placed;
  }

  async function mergeInto(
    recipe: Recipe,
    image: Image,
    emit: Emit,
    context: Context,
  ): Promise<MergeSummary> {
    const begun = now();
    context.signal.throwIfAborted();
    const plan = await planFor(recipe);
    const run = startRun(context);
    const outcomes: Outcome[] = [];
    let changed = 0;
    for (const job of plan.jobs) {
      await run.context.breathe();
      run.context.progress(outcomes.length, plan.jobs.length);
      outcomes.push(
        await outcomeOf(job, run, () => {
          const counting: Emit = (name, rows) => {
            if (name === job.spec.name) changed++;
            emit(name, rows);
          };
          return place(plan, job, image, counting, run);
        }),
      );
    }
    const routing = outcomes.flatMap(({ routed }) => routed ?? []);
    return {
      recipeKey: recipeKeyIn(registry, recipe),
      revision: ++revision,
      ...(plan.method.output === "routed" && { routing }),
      changed,
      total: plan.jobs.filter(isEmitted).length,
      milliseconds: now() - begun,
      tensors: outcomes.map(summariseTensor),
      warnings: [...plan.warnings, ...warnOfResults(outcomes)],
    };
  }

  async function outcomeOf(job: Job, run: Run, placeIt: () => Promise<Placed>): Promise<Outcome> {
    const { nonFinite, overflow, routed } = isEmitted(job) ? await placeIt() : NOT_PLACED;
    const reports = [];
    if (job.kind === "merged") for (const site of job.sites) reports.push(await stages.report(site, run));
    const note = job.kind === "merged" && !job.isBase ? stages.note(job) : undefined;
    return { job, reports, note, nonFinite, overflow, routed };
  }

  return {
    merge(recipe, name, emit, context) {
      const image = images.get(name) ?? { placed: new Map(), idle: Promise.resolve() };
      images.set(name, image);
      const merged = image.idle.then(() => mergeInto(recipe, image, emit, context));
      image.idle = merged.catch(() => undefined);
      return merged;
    },

    async *full(recipe, context): AsyncGenerator<MergedTensor> {
      const plan = await planFor(recipe);
      const run = startRun(context);
      for (const job of plan.jobs) {
        await run.context.breathe();
        const { rows, routed } = await finish(plan, job, stages, library, kernels, run);
        const spec = { ...job.spec, dtype: dtypeOf(job) };
        yield { spec, rows, fromBase: isFromBase(job), ...(routed && { routed }) };
      }
    },

    async *updates(recipe, context) {
      const plan = await planFor(recipe);
      yield* updatesOf(plan, { stages, library, kernels }, startRun(context));
    },

    async outline(recipe) {
      return outlineOf(await planFor(recipe));
    },

    async describe(recipe, context) {
      const opened = await openExperts(recipe, library);
      return describeExperts(opened.enabled, { ...planning, kernels, stages }, startRun(context).context);
    },

    async *vectors(recipe, context): AsyncGenerator<SparseVectors> {
      const plan = await planFor(recipe);
      const run = startRun(context);
      for (const job of plan.jobs) {
        await run.context.breathe();
        if (job.kind !== "merged") continue;
        const rows: Float32Array[] = [];
        for (const site of job.sites) rows.push(await stages.vector(site, run));
        yield { spec: job.spec, experts: job.sites.map(({ expert }) => expert), rows };
      }
    },

    async longPass(recipe) {
      const { prepareKey: key, runKey, params } = await planFor(recipe);
      if (key === undefined || runKey === undefined) return undefined;
      return { key, runKey, isKnown: stages.isPrepared(key), steps: Number(params.steps) };
    },

    async *passInputs(recipe, context): AsyncGenerator<PassInput> {
      const plan = await planFor(recipe);
      if (plan.runKey !== undefined) yield* stages.inputs(plan, startRun(context));
    },

    async givePass(recipe, made, context) {
      await stages.give(await planFor(recipe), made, startRun(context));
    },

    outputOf: (recipe) => findMethod(registry, recipe.method.id).output,

    rowTasks(recipe) {
      const method = registry.methods.find(({ id }) => id === recipe.method.id);
      const enabled = recipe.experts.filter((expert) => expert.enabled);
      if (method?.output !== "per-task" || enabled.length === 0) return undefined;
      return enabled.map(({ id }) => library.expert(id)?.task ?? id);
    },

    reset() {
      images.clear();
      stages.clear();
    },

    get bytes() {
      return stages.bytes;
    },
  };
}

const NOT_PLACED = { nonFinite: 0, overflow: 0, routed: undefined };

/** @throws AppError eval/graph where there is no graph to route in */
async function layersOf(library: ModelLibrary): Promise<PlanContext["layers"]> {
  if (library.linearLayers) return library.linearLayers();
  throw new AppError(
    "eval/graph",
    "This method routes inputs through a graph, and there is none beside these weights.",
  );
}

/** Integers and truth values are the base's own, in every image already. */
function isEmitted(job: Job): boolean {
  return job.kind !== "base" || job.isMergeable;
}

/** Short names of checkpoints for keys: a number per content, never given twice. */
function namer(): PlanContext["nameOf"] {
  const numbers = new Map<string, number>();
  return ({ id }) => {
    const number = numbers.get(id) ?? numbers.size;
    numbers.set(id, number);
    return String(number);
  };
}

/** The base's tensors with their roles; the same list for the same base, so that globs are matched once. */
function listing(): PlanContext["tensorsOf"] {
  const lists = new WeakMap<Checkpoint["tensors"], readonly Matchable[]>();
  return ({ tensors }) => {
    const known = lists.get(tensors);
    if (known) return known;
    const list = [...tensors.values()].map((spec) => ({ name: spec.name, role: roleOf(spec) }));
    lists.set(tensors, list);
    return list;
  };
}
