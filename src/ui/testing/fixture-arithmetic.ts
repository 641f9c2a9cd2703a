/** Measurements of scaled task vectors that look like the zoo's: plausible numbers, the same every time. */
import type { ArithmeticSlice, Measured } from "#app/slices/arithmetic.ts";
import { wilson } from "#core/eval/metrics.ts";
import type { Estimate } from "#core/eval/report.ts";
import type { ExpertId } from "#core/recipe/schema.ts";
import type { AdditionPoint, AdditionResult } from "#core/talos/addition.ts";
import { type DisentanglementPoint, mapAlphas } from "#core/talos/disentanglement.ts";
import type { NegationPoint, NegationResult } from "#core/talos/negation.ts";
import type { TaskAccuracy } from "#core/talos/protocol.ts";
import { fixtureExperts, fixtureRecipe, fixtureTasks, noise } from "./fixture.ts";

const alphas = Array.from({ length: 21 }, (_, i) => i / 20);
const ids = fixtureExperts.map(({ id }) => id);

function band(value: number, n: number): Estimate {
  const half = 1.96 * Math.sqrt((Math.min(0.97, value) * (1.03 - Math.min(0.97, value))) / n);
  return { value, low: value - half, high: value + half, n };
}

function accuracy(task: string, share: number, n: number): TaskAccuracy {
  return { task, accuracy: wilson(Math.max(0, Math.min(n, Math.round(share * n))), n) };
}

function additionAt(alpha: number, n: number, best: number, top: number): AdditionPoint {
  const share = top - 1.6 * (alpha - best) ** 2 - 0.35 * Math.max(0, alpha - best) ** 2;
  const tasks = fixtureTasks.map(({ id }) => accuracy(id, share - 0.05 + 0.06 * noise(id), n));
  return { alpha, tasks, accuracy: 0.95 * share, normalised: share, estimate: band(share, n * tasks.length) };
}

type Addition = Measured<AdditionPoint, AdditionResult>;

export function fixtureAddition({
  best = 0.3,
  top = 0.93,
  experts = ids as readonly ExpertId[],
} = {}): Addition {
  const points = alphas.map((alpha) => additionAt(alpha, 1000, best, top));
  const test = additionAt(best, 2000, best, top - 0.006);
  const own = fixtureTasks.map(({ id }) => accuracy(id, 0.97, 2000));
  const result = {
    points,
    alpha: best,
    test: { ...test, experts: own, accuracyEstimate: band(test.accuracy, 8000) },
  };
  return { ...common(experts), points, result, state: "done", progress: { done: 1, total: 1 } };
}

export function fixtureNegation(state: "running" | "done" = "done"): Measured<NegationPoint, NegationResult> {
  const at = (alpha: number, n: number): NegationPoint => {
    const [target, ...others] = fixtureTasks.map(({ id }) => id);
    const kept = 1 - 0.09 * alpha ** 2 - 0.02 * alpha;
    return {
      alpha,
      target: accuracy(target ?? "", 0.66 * Math.exp(-2.1 * alpha) + 0.09 * alpha, n),
      controls: others.map((id) => accuracy(id, 0.75 * kept, n)),
      kept,
      estimate: band(kept, 3 * n),
    };
  };
  if (state === "running") {
    const quick = alphas.map((alpha) => at(alpha, 256));
    const points = alphas.slice(0, 6).map((alpha) => at(alpha, 1000));
    return { ...common(ids), quick, points, state, progress: { done: 0.41, total: 1 } };
  }
  const points = alphas.map((alpha) => at(alpha, 1000));
  const result = { points, alpha: 0.6, test: { base: at(0, 2000), negated: at(0.6, 2000) } };
  return { ...common(ids), points, result, state, progress: { done: 1, total: 1 } };
}

/** A whole grid of so many points a side, and a part of the next finer one. */
export function fixtureMap(size = 13, more = 0): Measured<DisentanglementPoint> {
  const errorAt = (a: number, b: number) => {
    const clash = a * b > 0 ? 0.16 * a * b : -0.4 * a * b;
    return Math.max(0, Math.min(1.7, clash + 0.02 * (noise(`${a} ${b}`) - 0.5) * Math.abs(a * b)));
  };
  const pointOf = (a: number, b: number): DisentanglementPoint => ({
    alphas: [a, b],
    error: {
      ...band(errorAt(a, b) / 2, 512),
      value: errorAt(a, b),
      low: errorAt(a, b) * 0.85,
      high: errorAt(a, b) * 1.15 + 0.01,
    },
  });
  const grid = (points: number) =>
    mapAlphas(points).flatMap((a) => mapAlphas(points).map((b) => pointOf(a, b)));
  const whole = grid(size);
  const isNew = ({ alphas: [a, b] }: DisentanglementPoint) =>
    whole.every(({ alphas: known }) => known[0] !== a || known[1] !== b);
  const points = [
    ...whole,
    ...grid(2 * size - 1)
      .filter(isNew)
      .slice(0, more),
  ];
  const state = more > 0 ? "running" : "done";
  return { ...common(ids.slice(0, 2)), points, state, progress: { done: points.length, total: 625 } };
}

/** All measurements, for the store. */
export function fixtureArithmetic(): Pick<ArithmeticSlice, "addition" | "negation" | "disentanglement"> {
  return { addition: fixtureAddition(), negation: fixtureNegation(), disentanglement: fixtureMap() };
}

function common(experts: readonly ExpertId[]) {
  return { experts, recipe: fixtureRecipe, quick: [], result: undefined, failure: undefined };
}
