/**
 * Task addition, task negation and the disentanglement map: scaled task vectors of the recipe's experts at their stop
 * steps, one measurement at a time, the newest wins.
 */
import type { Context } from "#core/context.ts";
import type { ExpertId } from "#core/recipe/schema.ts";
import { type AdditionPoint, type AdditionResult, additionGrid } from "#core/talos/addition.ts";
import { type DisentanglementPoint, disentanglementMap } from "#core/talos/disentanglement.ts";
import { type NegationPoint, type NegationResult, negationGrid } from "#core/talos/negation.ts";
import { isAbort } from "../bridge/engine.ts";
import { QUICK_STAGES, type Session } from "../session.ts";
import type { Measured } from "../slices/arithmetic.ts";
import { failureOf } from "../tell.ts";
import { type Candidate, candidatesOf, predictWith, tasksOf, unlabelled } from "./scaled-vectors.ts";

export interface Arithmetic {
  /** α Σ τ over the recipe's enabled experts, one for each task. */
  add(): Promise<void>;
  /** −α τ of one expert; the tasks of the other enabled experts are the controls. */
  negate(target: ExpertId): Promise<void>;
  /** α1 τ1 + α2 τ2 of two experts, on the quick subset. */
  disentangle(first: ExpertId, second: ExpertId): Promise<void>;
  stop(): void;
}

type Addition = Measured<AdditionPoint, AdditionResult>;
type Negation = Measured<NegationPoint, NegationResult>;
type Disentanglement = Measured<DisentanglementPoint>;

/** `onFailure` gets whatever is not an abort. */
export function createArithmetic(session: Session, onFailure: (error: unknown) => void): Arithmetic {
  const { patchArithmetic } = session.store.getState();
  /** Ends the measurement under way; nothing happens when there is none. */
  let stop = () => {};

  /** Plays one measurement, and hands on what is known of it after every point. */
  async function play<Point, Result>(
    candidates: readonly Candidate[],
    put: (measured: Measured<Point, Result>) => void,
    work: (signal: AbortSignal, context: Context, onPoint: (point: Point) => void) => Promise<Result>,
  ): Promise<void> {
    stop();
    const mine = new AbortController();
    const { signal } = mine;
    let known = begun<Point, Result>(candidates);
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
      const result = await work(signal, context, (point) => know({ points: [...known.points, point] }));
      know({ state: "done", result });
    } catch (error) {
      if (isAbort(error)) return;
      know({ state: "failed", failure: failureOf(error) });
      onFailure(error);
    }
  }

  return {
    add() {
      const candidates = candidatesOf(session);
      return play(
        candidates,
        (addition: Addition) => patchArithmetic({ addition }),
        async (signal, context, onPoint) => {
          const tasks = await tasksOf(session, candidates, signal);
          return additionGrid(tasks, predictWith(session, candidates, signal), context, onPoint);
        },
      );
    },

    negate(target) {
      const isTarget = ({ use }: Candidate) => Number(use.id === target);
      const candidates = candidatesOf(session, target).sort((a, b) => isTarget(b) - isTarget(a));
      return play(
        candidates,
        (negation: Negation) => patchArithmetic({ negation }),
        async (signal, context, onPoint) => {
          const tasks = await tasksOf(session, candidates, signal);
          return negationGrid(tasks, 0, predictWith(session, candidates, signal), context, onPoint);
        },
      );
    },

    disentangle(first, second) {
      const candidates = [first, second].flatMap((id) =>
        candidatesOf(session, id).filter(({ use }) => use.id === id),
      );
      return play(
        candidates,
        (disentanglement: Disentanglement) => patchArithmetic({ disentanglement }),
        async (signal, context, onPoint) => {
          const [a, b] = candidates.map(unlabelled);
          const predict = predictWith(session, candidates, signal, QUICK_STAGES[1]);
          if (a && b) await disentanglementMap([a, b], predict, context, onPoint);
          return undefined;
        },
      );
    },

    stop: () => stop(),
  };
}

function begun<Point, Result>(candidates: readonly Candidate[]): Measured<Point, Result> {
  return {
    state: "running",
    experts: candidates.map(({ use }) => use.id),
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
