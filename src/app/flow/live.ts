/**
 * Keeps the charts at the recipe on screen.
 *
 * One round at a time; the newest recipe wins. A round is never cut before its first numbers, or a long drag would
 * show none at all; after them the next recipe starts at once. When nothing moves for a while the round goes on to the
 * whole validation split, and then to what is only wanted in idle time.
 */

import { isAppError } from "#core/errors.ts";
import type { RetentionReport } from "#core/eval/report.ts";
import { averageRecipe } from "#core/recipe/baselines.ts";
import { recipeKey } from "#core/recipe/key.ts";
import type { Recipe } from "#core/recipe/schema.ts";
import { isAbort } from "../bridge/engine.ts";
import { evaluate, HELD_STAGES, merge, QUICK_STAGES, type Session } from "../session.ts";
import { type Baselines, createBaselines } from "./baselines.ts";
import { compareWith, measurePinned } from "./compare.ts";
import { exploreWhenIdle } from "./idle.ts";
import { createPasses, type Passes } from "./passes.ts";
import { stillness } from "./rest.ts";

export interface Live {
  /** Stops what is running; the next edit starts again. */
  cancel(): void;
  stop(): void;
  readonly baselines: Baselines;
  readonly passes: Passes;
}

/** An edit to be followed. */
interface Wanted {
  readonly recipe: Recipe;
  /** When it was made, by performance.now(). */
  readonly since: number;
  /** Made with a slider, by pointer or key: the next one may come within a frame. */
  readonly isHeld: boolean;
}

/** An edit that is being followed. */
interface Round {
  readonly controller: AbortController;
  /** The next edit may cut it: it has shown its first numbers, or waits for an optimisation. */
  isYielding: boolean;
}

/** Leaves a measure for whoever observes the page's timing, and no trace in its buffer. */
function mark(name: string, since: number): void {
  const full = `kintsugi:${name}`;
  performance.measure(full, { start: since, end: performance.now() });
  performance.clearMeasures(full);
}

/** What the task vectors of a recipe depend on. */
function vectorsOf({ base, experts }: Recipe): string {
  return JSON.stringify([base, experts.filter(({ enabled }) => enabled).map(({ id, step }) => [id, step])]);
}

/** Starts following the recipe. `onFailure` gets whatever is not an abort. */
export function startLive(session: Session, onFailure: (error: unknown) => void): Live {
  const { store } = session;
  const baselines = createBaselines(session);
  const passes = createPasses(session);
  let wanted: Wanted | undefined;
  let round: Round | undefined;
  /** Keys of the recipe that last came to rest and of the one before it: what an edit is compared with. */
  let rested = { now: "", before: "" };
  /** Of which task vectors the store has statistics. */
  let described = "";
  let isStopped = false;

  function want(recipe: Recipe | undefined): void {
    if (!recipe || isStopped) return;
    wanted = { recipe, since: performance.now(), isHeld: store.getState().isDragging };
    if (!round) requestAnimationFrame(() => void next());
    else if (round.isYielding) round.controller.abort();
  }

  async function next(): Promise<void> {
    if (round || !wanted || isStopped) return;
    const now = wanted;
    wanted = undefined;
    const mine = { controller: new AbortController(), isYielding: false };
    round = mine;
    try {
      await play(now, mine);
    } catch (error) {
      // The recipe says itself what it waits for, and how to get it; a crash is told by whoever starts anew.
      if (isAppError(error) && error.code === "recipe/missing-evidence") {
        store.getState().patchRuns({ phase: "waiting", progress: undefined });
      } else if (!isAbort(error) && !isStopped) {
        store.getState().patchRuns({ phase: "failed", progress: undefined });
        onFailure(error);
      }
    } finally {
      round = undefined;
      if (wanted) requestAnimationFrame(() => void next());
    }
  }

  async function play({ recipe, since, isHeld }: Wanted, mine: Round): Promise<void> {
    const { signal } = mine.controller;
    const { putReport, patchRuns } = store.getState();
    const key = recipeKey(recipe);
    const before = rested.now === key ? rested.before : rested.now;

    const onProgress = (done: number, total: number) => patchRuns({ progress: { done, total } });
    mine.isYielding = true;
    const readiness = await passes.ready(recipe, signal);
    if (readiness === "refused") return patchRuns({ phase: "waiting", progress: undefined });
    mine.isYielding = readiness === "inside";
    patchRuns({ phase: "merging", progress: undefined });
    const summary = await merge(session, recipe, "live", {
      signal,
      ...(readiness === "inside" && { onProgress }),
    });
    mine.isYielding = false;
    if (readiness === "inside") passes.made();
    patchRuns({ summary, phase: "quick", progress: undefined });
    void describe(recipe, signal);
    if (store.getState().library?.tasks.length === 0) {
      // Nothing to evaluate on: the merge is all there is.
      await stillness(store, signal);
      patchRuns({ phase: "settled", progress: undefined });
      return;
    }

    const gotNumbers = (report: RetentionReport) => {
      putReport(report);
      if (!mine.isYielding) {
        mine.isYielding = true;
        patchRuns({ latency: performance.now() - since });
        mark("first-numbers", since);
        if (wanted) mine.controller.abort();
      }
    };
    const quick = await evaluate(session, recipe, summary.revision, {
      signal,
      image: "live",
      stages: isHeld ? HELD_STAGES : QUICK_STAGES,
      session: "inputs",
      onReport: gotNumbers,
    });
    gotNumbers(quick);
    mark("quick", since);

    if (await baselines.ensure(recipe, QUICK_STAGES[1], "validation", { signal }))
      await refresh(recipe, signal);
    await compareWith(session, recipe, before, signal);
    await stillness(store, signal);

    if (rested.now !== key) rested = { now: key, before: rested.now };
    patchRuns({ phase: "settling", progress: { done: 0, total: 1 } });
    const all = Math.max(...(store.getState().library?.tasks ?? []).map((task) => task.n.validation), 0);
    // First the baselines, so that the settled report replaces the quick one with nothing missing from it.
    await baselines.ensure(recipe, all, "validation", { signal, onProgress });
    const settling = performance.now();
    const settled = await evaluate(session, recipe, summary.revision, {
      signal,
      image: "live",
      stages: [all],
      session: "external",
      onProgress,
    });
    putReport(settled);
    mark("settled", settling);
    await measurePinned(session, all, signal);
    await compareWith(session, recipe, before, signal);
    patchRuns({ phase: "settled", progress: undefined });

    await exploreWhenIdle(session, recipe, signal);
  }

  /**
   * Statistics of the task vectors, which follow experts and stop steps only: asking anew with every λ would have the
   * page draw every histogram again. They run beside the evaluation, on the other worker.
   */
  async function describe(recipe: Recipe, signal: AbortSignal): Promise<void> {
    const vectors = vectorsOf(recipe);
    if (vectors === described) return;
    try {
      const stats = await session.engine.models({ signal }, (api, job) => api.describe(job, recipe));
      store.getState().putStats(stats);
      described = vectors;
    } catch (error) {
      if (!isAbort(error) && !isStopped) onFailure(error);
    }
  }

  /** The same predictions against baselines that have arrived since. */
  async function refresh(recipe: Recipe, signal: AbortSignal): Promise<void> {
    const { hard, putReport } = store.getState();
    const report = await session.engine.evaluate({ signal }, (api) =>
      api.report(recipeKey(recipe), "validation", hard, recipeKey(averageRecipe(recipe))),
    );
    if (report) putReport(report);
  }

  const unsubscribe = [
    store.subscribe((state) => state.recipe, want),
    store.subscribe(
      (state) => state.hard,
      () => want(store.getState().recipe),
    ),
    store.subscribe(
      (state) => state.evidence,
      () => {
        if (store.getState().phase === "waiting") want(store.getState().recipe);
      },
    ),
    store.subscribe(
      (state) => state.passTry,
      () => want(store.getState().recipe),
    ),
  ];
  want(store.getState().recipe);

  return {
    baselines,
    passes,
    cancel: () => {
      wanted = undefined;
      passes.cancel();
      round?.controller.abort();
      const { phase, patchRuns } = store.getState();
      patchRuns({ phase: phase === "settled" ? phase : "failed", progress: undefined });
    },
    stop: () => {
      isStopped = true;
      for (const end of unsubscribe) end();
      passes.end();
      round?.controller.abort();
    },
  };
}
