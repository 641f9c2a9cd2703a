/**
 * Task addition, task negation and the disentanglement map: scaled task vectors of the recipe's experts at their stop
 * steps, one measurement at a time, the newest wins.
 */
import type { Context } from "#core/context.ts";
import type { ExpertId } from "#core/recipe/schema.ts";
import { type AdditionPoint, type AdditionResult, additionGrid } from "#core/talos/addition.ts";
import { type DisentanglementPoint, disentanglementMap, mapAlphas } from "#core/talos/disentanglement.ts";
import { type NegationPoint, type NegationResult, negationGrid } from "#core/talos/negation.ts";
import type { Predict, ProtocolTask } from "#core/talos/protocol.ts";
import { isAbort } from "../bridge/engine.ts";
import { QUICK_STAGES, type Session } from "../session.ts";
import type { Measured } from "../slices/arithmetic.ts";
import { failureOf } from "../tell.ts";
import {
  type Candidate,
  candidatesAmong,
  candidatesOf,
  predictWith,
  sumOf,
  tasksOf,
  unlabelled,
} from "./scaled-vectors.ts";

export interface Arithmetic {
  /** α Σ τ over the recipe's enabled experts, one for each task. */
  add(): Promise<void>;
  /** The same over other experts, for comparison. */
  addOthers(experts: readonly ExpertId[]): Promise<void>;
  /** −α τ of one expert; the tasks of the other enabled experts are the controls. */
  negate(target: ExpertId): Promise<void>;
  /** α1 τ1 + α2 τ2 of two experts, on the quick subset, on ever finer grids up to so many points a side. */
  disentangle(first: ExpertId, second: ExpertId, points?: number): Promise<void>;
  stop(): void;
  /** The session is over. */
  end(): void;
}

type Addition = Measured<AdditionPoint, AdditionResult>;
type Negation = Measured<NegationPoint, NegationResult>;
type Disentanglement = Measured<DisentanglementPoint>;

/** Points a side of the maps, coarse to fine; each holds the one before. */
export const MAP_SIZES = [7, 13, 25] as const;

/** `onFailure` gets whatever is not an abort. */
export function createArithmetic(session: Session, onFailure: (error: unknown) => void): Arithmetic {
  const { patchArithmetic } = session.store.getState();
  /** Ends the measurement under way; nothing happens when there is none. */
  let stop = () => {};

  /** Plays one measurement, and hands on what is known of it after every point. */
  async function play<Point, Result>(
    candidates: readonly Candidate[],
    put: (measured: Measured<Point, Result>) => void,
    work: (run: Run<Point>) => Promise<Result>,
  ): Promise<void> {
    stop();
    const mine = new AbortController();
    const { signal } = mine;
    let known = begun<Point, Result>(session, candidates);
    const know = (news: Partial<Measured<Point, Result>>) => {
      if (signal.aborted) return;
      known = { ...known, ...news };
      put(known);
    };
    know({});
    stop = () => {
      if (known.state === "running") know({ state: "stopped" });
      mine.abort();
    };
    try {
      const context = contextOf(signal, (done, total) => know({ progress: { done, total } }));
      const onQuick = (point: Point) => know({ quick: [...known.quick, point] });
      const onPoint = (point: Point) => know({ points: [...known.points, point] });
      const result = await work({ signal, context, onQuick, onPoint });
      know({ state: "done", result });
    } catch (error) {
      if (isAbort(error)) return;
      know({ state: "failed", failure: failureOf(error) });
      onFailure(error);
    }
  }

  /** A grid over α: a sketch on the quick subset where that is smaller, then all of validation, then one look at test. */
  async function grid<Point, Result>(
    candidates: readonly Candidate[],
    { signal, context, onQuick, onPoint }: Run<Point>,
    measure: (tasks: readonly ProtocolTask[], predict: Predict, part: Part<Point>) => Promise<Result>,
  ): Promise<Result> {
    const tasks = await tasksOf(session, candidates, signal);
    const quick = QUICK_STAGES[1];
    const whole = predictWith(session, candidates, signal);
    const isLarge = tasks.some(({ labels }) => labels.validation.length > quick);
    if (!isLarge) return measure(tasks, whole, { context, onPoint });
    const [first, second] = inTwo(
      context,
      quick / Math.max(...tasks.map(({ labels }) => labels.validation.length)),
    );
    const sketch = predictWith(session, candidates, signal, quick);
    const predict: Predict = async (coefficients, index, split) =>
      split === "test" ? [] : sketch(coefficients, index, split);
    await measure(
      tasks.map((task) => sketched(task, quick)),
      predict,
      { context: first, onPoint: onQuick },
    );
    return measure(tasks, whole, { context: second, onPoint });
  }

  const addition = (candidates: readonly Candidate[], put: (measured: Addition) => void) =>
    play(candidates, put, (run: Run<AdditionPoint>) =>
      grid(candidates, run, (tasks, predict, { context, onPoint }) =>
        additionGrid(tasks, predict, context, onPoint),
      ),
    );

  return {
    add: () => addition(candidatesOf(session), (one) => patchArithmetic({ addition: one })),

    addOthers: (experts) =>
      addition(candidatesAmong(session, experts), (one) => patchArithmetic({ otherAddition: one })),

    negate(target) {
      const isTarget = ({ use }: Candidate) => Number(use.id === target);
      const candidates = candidatesOf(session, target).sort((a, b) => isTarget(b) - isTarget(a));
      return play(
        candidates,
        (negation: Negation) => patchArithmetic({ negation }),
        (run) =>
          grid(candidates, run, (tasks, predict, { context, onPoint }) =>
            negationGrid(tasks, 0, predict, context, onPoint),
          ),
      );
    },

    disentangle(first, second, points = MAP_SIZES[1]) {
      const candidates = [first, second].flatMap((id) =>
        candidatesOf(session, id).filter(({ use }) => use.id === id),
      );
      return play(
        candidates,
        (disentanglement: Disentanglement) => patchArithmetic({ disentanglement }),
        async ({ signal, context, onPoint }) => {
          const [a, b] = candidates.map(unlabelled);
          const predict = predictWith(session, candidates, signal, QUICK_STAGES[1]);
          const seen = new Set<string>();
          const once = (point: DisentanglementPoint) => {
            const place = point.alphas.join(" ");
            if (!seen.has(place)) onPoint(point);
            seen.add(place);
            context.progress(seen.size, points ** 2);
          };
          const quiet = { ...context, progress: () => {} };
          for (const size of [...MAP_SIZES.filter((one) => one < points), points])
            if (a && b) await disentanglementMap([a, b], predict, quiet, once, mapAlphas(size));
          return undefined;
        },
      );
    },

    stop: () => stop(),
    end: () => {
      stop();
      // Another family may have other experts of the same names.
      patchArithmetic({
        addition: undefined,
        otherAddition: undefined,
        negation: undefined,
        disentanglement: undefined,
      });
    },
  };
}

/** What a measurement works with. */
interface Run<Point> extends Part<Point> {
  readonly signal: AbortSignal;
  onQuick(point: Point): void;
}

interface Part<Point> {
  readonly context: Context;
  onPoint(point: Point): void;
}

/** The first examples of validation; nothing to test on. */
function sketched({ task, labels }: ProtocolTask, count: number): ProtocolTask {
  return { task, labels: { validation: Array.from(labels.validation).slice(0, count), test: [] } };
}

/** Two contexts that share one progress; the first takes this share of it, 0…1. */
function inTwo(context: Context, share: number): readonly [Context, Context] {
  const progress = (from: number, to: number) => (done: number, total: number) =>
    context.progress(from + ((to - from) * done) / total, 1);
  return [
    { ...context, progress: progress(0, share) },
    { ...context, progress: progress(share, 1) },
  ];
}

function begun<Point, Result>(session: Session, candidates: readonly Candidate[]): Measured<Point, Result> {
  return {
    state: "running",
    experts: candidates.map(({ use }) => use.id),
    recipe: sumOf(session, candidates),
    quick: [],
    points: [],
    progress: { done: 0, total: 1 },
    result: undefined,
    failure: undefined,
  };
}

/** Between two evaluations the page gets its turn. */
function contextOf(signal: AbortSignal, progress: Context["progress"]): Context {
  return { signal, progress, breathe: () => new Promise((resolve) => setTimeout(resolve, 0)) };
}
