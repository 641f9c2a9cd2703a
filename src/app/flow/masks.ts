/**
 * Counts the recipe's regions while somebody looks at them, and measures single regions on request: the quick subset
 * first, then the whole of validation. What has been measured is never measured again, so an expert that comes or goes
 * costs its own row only.
 */
import { recipeKey } from "#core/recipe/key.ts";
import { regionsOnly } from "#core/recipe/regions.ts";
import type { ExpertId, Recipe } from "#core/recipe/schema.ts";
import { isAbort } from "../bridge/engine.ts";
import { type CurveGraft, curveGrafts, type Graft, graftRows } from "../grafts.ts";
import { probe, QUICK_STAGES, type Session } from "../session.ts";
import type { GraftRun } from "../slices/masks.ts";
import { failureOf } from "../tell.ts";
import { untilRest, whileResting } from "./rest.ts";

export interface Masks {
  /** Every region of the recipe beside base, expert and random control; follows the recipe until it is done. */
  measureRegions(): Promise<void>;
  /** One expert's gain over the base by density. */
  measureCurve(expert: ExpertId): Promise<void>;
  /** Stops measuring; what is known stays. */
  stop(): void;
  /** The session is over. */
  end(): void;
}

/** `onFailure` gets whatever is not an abort. */
export function createMasks(session: Session, onFailure: (error: unknown) => void): Masks {
  const { store, engine } = session;
  const life = new AbortController();
  /** Ends the measurement under way; nothing happens when there is none. */
  let stop = () => {};
  let counting: Promise<void> | undefined;

  /** Brings the counts to the recipe on screen. */
  function count(): Promise<void> {
    counting ??= countNow()
      .catch((error: unknown) => {
        if (!isAbort(error)) onFailure(error);
      })
      .finally(() => {
        counting = undefined;
      });
    return counting;
  }

  async function countNow(): Promise<void> {
    const { signal } = life;
    for (;;) {
      await untilRest(store, signal);
      const { recipe, masks, libraryState } = store.getState();
      if (!recipe || libraryState !== "ready") return;
      const regions = regionsOnly(recipe);
      const key = recipeKey(regions);
      if (masks?.key === key) return;
      await countOne(regions, key);
    }
  }

  /** What cannot be counted is told beside the counts' place: an incomplete recipe is no failure of the app. */
  async function countOne(regions: Recipe, key: string): Promise<void> {
    const { patchMasks } = store.getState();
    try {
      const summary = await engine.models({ signal: life.signal }, (api, job) =>
        api.describeMasks(job, regions),
      );
      patchMasks({ masks: { key, summary, failure: undefined } });
    } catch (error) {
      if (isAbort(error)) throw error;
      patchMasks({ masks: { key, summary: undefined, failure: failureOf(error) } });
    }
  }

  /** Measures what a plan lacks until nothing is missing; the plan is asked anew before every step. */
  async function play(of: GraftRun["of"], plan: () => Promise<readonly Graft[]>): Promise<void> {
    stop();
    const mine = new AbortController();
    const signal = AbortSignal.any([mine.signal, life.signal]);
    let run: GraftRun = { of, state: "running", progress: { done: 0, total: 1 }, failure: undefined };
    const know = (news: Partial<GraftRun>) => {
      if (signal.aborted) return;
      run = { ...run, ...news };
      store.getState().patchMasks({ graftRun: run });
    };
    know({});
    stop = () => {
      if (run.state === "running") know({ state: "stopped" });
      mine.abort();
    };
    const step = async (turn: AbortSignal) => {
      const grafts = await plan();
      turn.throwIfAborted();
      const { grafted } = store.getState();
      know({ progress: progressOf(grafts, grafted) });
      const next = nextOf(grafts, grafted);
      if (next) await measure(next.graft, next.count, turn);
      return next !== undefined;
    };
    try {
      while (await whileResting(store, signal, step));
      know({ state: "done" });
    } catch (error) {
      if (isAbort(error)) return;
      know({ state: "failed", failure: failureOf(error) });
      onFailure(error);
    }
  }

  async function measure({ key, recipe, task }: Graft, count: number, signal: AbortSignal): Promise<void> {
    const options = { signal, stages: [count], session: "inputs", tasks: [task.id] } as const;
    const report = await probe(session, recipe, options);
    const accuracy = report.tasks[0]?.merged;
    if (!accuracy) throw new Error(`no accuracy of ${task.id}`);
    const subset = accuracy.n >= task.n.validation ? "full" : "quick";
    store.getState().putGrafted(key, { accuracy, subset });
  }

  const unsubscribe = store.subscribe(
    ({ areMasksWanted, recipe }) => areMasksWanted && recipe,
    (recipe) => {
      if (recipe) void count();
    },
    { fireImmediately: true },
  );

  return {
    measureRegions: () =>
      play({ kind: "regions" }, async () => {
        await count();
        const { recipe, library, masks } = store.getState();
        if (!recipe || !library || !masks?.summary) return [];
        return graftRows(recipe, library, masks.summary).flatMap(({ base, whole, region, random }) => [
          base,
          whole,
          region,
          random,
        ]);
      }),
    measureCurve: (expert) =>
      play({ kind: "curve", expert }, async () => {
        const { recipe, library, evidence } = store.getState();
        const curve = recipe && library && curveGrafts(recipe, library, evidence, expert);
        return curve ? [curve.base, curve.whole, ...curve.points.map(({ graft }: CurveGraft) => graft)] : [];
      }),
    stop: () => stop(),
    end: () => {
      unsubscribe();
      life.abort();
      // Another family may have other experts of the same names.
      store.setState({ masks: undefined, grafted: {}, graftRun: undefined });
    },
  };
}

type Known = Readonly<Record<string, { readonly accuracy: { readonly n: number } }>>;

/** The first graft that lacks the quick subset, else the first that lacks the whole split. */
function nextOf(grafts: readonly Graft[], known: Known): { graft: Graft; count: number } | undefined {
  for (const limit of [QUICK_STAGES[1], Number.POSITIVE_INFINITY]) {
    for (const graft of grafts) {
      const count = Math.min(limit, graft.task.n.validation);
      if ((known[graft.key]?.accuracy.n ?? 0) < count) return { graft, count };
    }
  }
  return undefined;
}

/** In examples. */
function progressOf(grafts: readonly Graft[], known: Known): GraftRun["progress"] {
  const total = grafts.reduce((sum, { task }) => sum + task.n.validation, 0);
  const done = grafts.reduce((sum, { key }) => sum + (known[key]?.accuracy.n ?? 0), 0);
  return { done, total: Math.max(1, total) };
}
