/** Jobs of every kind and state, evidence and unfinished trainings, as plain data for component tests. */
import type { Curves } from "#app/slices/traces.ts";
import { withPoints } from "#app/slices/traces.ts";
import type { Work } from "#app/slices/work.ts";
import type { AppState } from "#app/store.ts";
import { adamergingSpec } from "#core/adamerging/spec.ts";
import { localiseSpec } from "#core/localise/spec.ts";
import { fisherSpec } from "#core/statistics/fisher.ts";
import type { EvidenceCard, ExpertCard, LibraryCard } from "#core/summary.ts";
import { talosSpec } from "#core/talos/spec.ts";
import { trainSpec } from "#core/train/spec.ts";
import { noise } from "./fixture.ts";

type Request = Work["request"];
type SavedRun = AppState["savedRuns"][number];

const idOf = (digit: number) => `sha256:${String(digit).repeat(64)}`;

/** A request to train an expert on a task. */
export function trainRequest(task: string, label: string): Extract<Request, { kind: "train" }> {
  return { kind: "train", task, from: "base", spec: trainSpec.parse({}), label };
}

/** Evidence about an expert at step 640; a mask without a step is of the base's weights. */
export function fixtureEvidence(
  kind: EvidenceCard["about"]["kind"],
  expert: string,
  base: string,
  digit: number,
  step?: number,
): EvidenceCard {
  return {
    id: idOf(digit),
    about: {
      kind,
      expert,
      checkpoint: idOf(9),
      base,
      ...(step === undefined ? {} : { step }),
      task: expert,
      examples: 640,
      options: {},
    },
    tensors: 53,
    bytes: kind === "mask" ? 25_489 : 815_648,
    ...(kind === "mask" ? { density: 0.034 } : {}),
  };
}

function trainCurves(steps: number): Curves {
  let curves: Curves = {};
  for (let at = 1; at <= steps; at++) {
    const value = 2.2 * Math.exp(-at / 50) + 0.05 + 0.12 * noise(`loss ${at}`);
    curves = withPoints(curves, [{ curve: "loss", at, value }]);
  }
  for (let at = 0; at <= steps; at += 20) {
    const value = 0.97 - 0.5 * Math.exp(-at / 60);
    curves = withPoints(curves, [
      { curve: "validation", at, value, n: 1000, low: value - 0.02, high: value + 0.02 },
    ]);
  }
  for (let at = 20; at <= steps; at *= 2)
    curves = withPoints(curves, [{ curve: "checkpoint", at, value: at }]);
  return curves;
}

function localiseCurves(epochs: number): Curves {
  let curves: Curves = {};
  for (let at = 0; at <= epochs; at++) {
    const value = 0.93 - 0.4 * Math.exp(-at / 3);
    curves = withPoints(curves, [
      { curve: "grafted", at, value, n: 1000, low: value - 0.02, high: value + 0.02 },
      { curve: "density", at, value: 0.03 + 0.002 * at },
      ...(at === 0 ? [] : [{ curve: "loss" as const, at, value: 1.2 * Math.exp(-at / 4) + 0.1 }]),
    ]);
  }
  return curves;
}

function entropyCurve(steps: number): Curves {
  let curves: Curves = {};
  for (let at = 1; at <= steps; at++) {
    const value = 0.4 + 0.3 * Math.exp(-at / 25) + 0.03 * noise(`entropy ${at}`);
    curves = withPoints(curves, [{ curve: "entropy", at, value }]);
  }
  return curves;
}

let lastId = 100;

/** A job, queued unless the patch says otherwise. */
export function fixtureJob(request: Request, title: string, patch: Partial<Work> = {}): Work {
  lastId += 1;
  return {
    id: lastId,
    kind: request.kind,
    title,
    request,
    run: undefined,
    state: "queued",
    progress: undefined,
    firstProgress: undefined,
    curves: {},
    outcome: undefined,
    failure: undefined,
    startedAt: undefined,
    endedAt: undefined,
    ...patch,
  };
}

export const fixtureTrained: ExpertCard = {
  id: "digits-2",
  label: "Digits 2",
  task: "digits",
  source: "trained",
  checkpoints: [20, 40, 80, 160, 320].map((step) => ({ step, file: `Digits 2@${step}` })),
  warnings: [],
};

export function fixtureSavedRun(base: string, patch: Partial<SavedRun> = {}): SavedRun {
  return {
    id: "run-1",
    request: trainRequest("clothes", "Clothes, slowly"),
    base,
    step: 120,
    steps: 320,
    bytes: 3_412_000,
    savedAt: Date.UTC(2026, 4, 3, 9, 41),
    isRunning: false,
    ...patch,
  };
}

const progressAt = (done: number, total: number) => ({
  firstProgress: { done: 0, total, at: 0 },
  progress: { done, total, at: 130 * done },
});

/** One job of every state, with what each kind shows. */
export function fixtureWork({ base, experts }: LibraryCard): {
  readonly work: readonly Work[];
  readonly evidence: readonly EvidenceCard[];
} {
  const mask = fixtureEvidence("mask", "digits", base.id, 1, 640);
  const talos = fixtureEvidence("mask", "clothes", base.id, 2);
  const sensitivity = fixtureEvidence("sensitivity", "clothes", base.id, 3);
  const coefficients = experts.map(({ id }, k) => ({
    expert: id,
    tensors: new Map([
      ["a", 0.2 + 0.1 * k],
      ["b", 0.5 + 0.05 * k],
    ]),
  }));
  const over = { startedAt: 0, endedAt: 42_000 } as const;
  const localise: Request = { kind: "localise", expert: "digits", step: 640, spec: localiseSpec.parse({}) };
  const calibrate: Request = {
    kind: "calibrate",
    task: "clothes",
    expert: "clothes",
    spec: talosSpec.parse({}),
  };
  const fisher: Request = { kind: "fisher", expert: "capitals", spec: fisherSpec.parse({}) };
  const adamerge: Request = {
    kind: "adamerge",
    experts: experts.map(({ id }) => ({ expert: id })),
    spec: adamergingSpec.parse({}),
  };
  const paused = fixtureSavedRun(base.id);
  return {
    evidence: [mask, talos, sensitivity, fixtureEvidence("fisher", "hiragana", base.id, 4, 2560)],
    work: [
      fixtureJob(trainRequest("digits", "Digits 2"), "Digits 2", {
        ...over,
        state: "done",
        curves: trainCurves(320),
        outcome: { kind: "trained", expert: fixtureTrained },
      }),
      fixtureJob(localise, "Digits", {
        ...over,
        state: "done",
        curves: localiseCurves(10),
        outcome: { kind: "evidence", evidence: [mask] },
      }),
      fixtureJob(calibrate, "Clothes", {
        ...over,
        state: "done",
        outcome: { kind: "evidence", evidence: [talos, sensitivity] },
      }),
      fixtureJob(adamerge, "Digits + Clothes + Capitals + Hiragana", {
        ...over,
        state: "done",
        curves: entropyCurve(100),
        outcome: { kind: "coefficients", coefficients },
      }),
      fixtureJob(trainRequest("hiragana", "Hiragana hot"), "Hiragana hot", {
        ...over,
        state: "failed",
        failure: {
          code: "train/diverged",
          message: "The loss is not finite at step 12. Take a smaller learning rate or clip the gradients.",
        },
      }),
      fixtureJob(fisher, "Capitals", { ...over, state: "cancelled" }),
      fixtureJob(trainRequest("clothes", "Clothes 2"), "Clothes 2", {
        state: "paused",
        run: paused.id,
        curves: trainCurves(120),
        ...progressAt(120, 320),
        outcome: { kind: "paused", run: paused },
      }),
      fixtureJob(trainRequest("capitals", "Capitals 2"), "Capitals 2", {
        state: "running",
        startedAt: 0,
        curves: trainCurves(200),
        ...progressAt(200, 320),
      }),
      fixtureJob(fisher, "Capitals"),
    ],
  };
}
