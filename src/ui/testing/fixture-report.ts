/** Reports, probes and flips that look like the vision zoo's: plausible numbers, the same every time. */
import type { StepProbe, Trajectory } from "#app/slices/runs.ts";
import { mcnemar, wilson } from "#core/eval/metrics.ts";
import type {
  DifficultyBin,
  Estimate,
  Flip,
  PairedComparison,
  RetentionReport,
  Subset,
  TaskReport,
} from "#core/eval/report.ts";
import type { TaskCard } from "#core/summary.ts";
import { fixtureExperts, fixtureSteps, fixtureTasks, noise } from "./fixture.ts";

/** Accuracies of base, simple average, merged and expert, per task. */
const accuracies: Readonly<Record<string, readonly [number, number, number, number]>> = {
  digits: [0.66, 0.86, 0.931, 0.984],
  clothes: [0.68, 0.71, 0.716, 0.874],
  capitals: [0.86, 0.94, 0.952, 0.986],
  hiragana: [0.74, 0.87, 0.905, 0.979],
};

export interface ReportOptions {
  readonly key?: string;
  readonly subset?: Subset;
  readonly tasks?: readonly TaskCard[];
  /** Added to every merged accuracy. */
  readonly shift?: number;
  readonly output?: RetentionReport["output"];
  readonly split?: RetentionReport["split"];
  /** Leaves out what needs the baselines. */
  readonly isFirst?: boolean;
}

export function fixtureReport(options: ReportOptions = {}): RetentionReport {
  const { key = "fixture", subset = "full", tasks = fixtureTasks, shift = 0 } = options;
  const n = subset === "quick" ? 256 : 1000;
  const reports = tasks.map((task) => taskReport(task, n, shift, options.isFirst ?? false));
  const mean = (of: (task: TaskReport) => number, examples = n * tasks.length): Estimate => {
    const value = reports.reduce((sum, report) => sum + of(report), 0) / reports.length;
    const half = 1.96 * Math.sqrt((value * Math.max(0.01, 1 - value)) / examples);
    return { value, low: value - half, high: value + half, n: examples };
  };
  const ratio = (counts?: { readonly k: number; readonly n: number }) => (counts ? counts.k / counts.n : 0);
  return {
    recipeKey: key,
    suite: "vision",
    split: options.split ?? "validation",
    subset,
    output: options.output ?? "single",
    hard: { kind: "el2n", fraction: 0.1, lateStep: 640 },
    tasks: reports,
    mean: {
      merged: mean(({ merged }) => ratio(merged)),
      ...(options.isFirst
        ? {}
        : {
            base: mean(({ references }) => ratio(references?.base)),
            average: mean(({ references }) => ratio(references?.average)),
            expert: mean(({ references }) => ratio(references?.expert)),
            retention: mean(
              ({ retention }) => ratio(retention),
              reports.reduce((sum, { retention }) => sum + (retention?.n ?? 0), 0),
            ),
            normalised: mean(({ normalised }) => normalised?.value ?? 0),
            hard: mean(({ hard }) => ratio(hard), Math.round(0.085 * n * tasks.length)),
          }),
    },
  };
}

function taskReport({ id, chance }: TaskCard, n: number, shift: number, isFirst: boolean): TaskReport {
  const [base, average, merged, expert] = accuracies[id] ?? [0.7, 0.85, 0.9, 0.97];
  const count = (share: number) => Math.max(0, Math.min(n, Math.round(share * n)));
  const right = count(expert);
  const now = Math.min(1, merged + shift);
  const kept = Math.min(1, (now / expert) * 0.985);
  if (isFirst) return { task: id, n, chance, merged: wilson(count(now), n), references: {} };
  const hardRight = Math.round(right * 0.085);
  return {
    task: id,
    n,
    chance,
    merged: wilson(count(now), n),
    references: {
      base: wilson(count(base), n),
      average: wilson(count(average), n),
      expert: wilson(right, n),
    },
    retention: wilson(Math.round(kept * right), right),
    normalised: { value: now / expert, low: now / expert - 0.016, high: now / expert + 0.015, n },
    hard: wilson(Math.round(hardRight * kept ** 3), hardRight),
    easy: wilson(Math.round(0.5 * n * Math.min(1, kept + 0.05)), Math.round(0.5 * n)),
    bins: bins(id, n, kept, right),
  };
}

function bins(task: string, n: number, kept: number, right: number): readonly DifficultyBin[] {
  const count = n >= 1000 ? 10 : 2;
  return Array.from({ length: count }, (_, bin) => {
    const size = Math.round(right / count);
    const slope = (bin + 0.5) / count - 0.5;
    const share = Math.min(1, kept - 0.32 * (1 - kept + 0.1) * slope * 4 + 0.02 * noise(`${task} ${bin}`));
    const retention = wilson(Math.round(size * share), size);
    return {
      from: bin / count,
      to: (bin + 1) / count,
      retention,
      merged: retention,
      expert: wilson(size, size),
    };
  });
}

/** Each expert alone over its steps: ever better. */
export function fixtureTrajectories(): Readonly<Record<string, Trajectory>> {
  return Object.fromEntries(
    fixtureExperts.map(({ id }) => {
      const [, , , last] = accuracies[id] ?? [0, 0, 0, 0.97];
      const own = fixtureSteps.map((step, i) => [
        step,
        wilson(Math.round(1000 * (last - 0.07 * 0.62 ** i)), 1000),
      ]);
      return [id, { own: Object.fromEntries(own) }];
    }),
  );
}

/** The recipe with all experts at each step: best in the middle. */
export function fixtureProbes(): readonly StepProbe[] {
  const shape = [0.83, 0.845, 0.86, 0.868, 0.877, 0.874, 0.862, 0.845];
  return fixtureSteps.map((step, i) => ({
    step,
    tasks: Object.fromEntries(
      fixtureTasks.map(({ id }) => {
        const share = (shape[i] ?? 0.8) + ((accuracies[id]?.[2] ?? 0.9) - 0.876);
        return [id, wilson(Math.round(256 * share), 256)];
      }),
    ),
  }));
}

export function fixtureComparison(): readonly PairedComparison[] {
  const counts: readonly (readonly [number, number])[] = [
    [31, 18],
    [64, 22],
    [9, 14],
    [20, 17],
  ];
  return fixtureTasks.map(({ id }, i) => {
    const [won, lost] = counts[i] ?? [0, 0];
    return { task: id, n: 1000, won, lost, p: mcnemar(won, lost) };
  });
}

/** Drawn rings and bars rather than anyone's handwriting. */
export function fixtureFlips(each = 24): readonly Flip[] {
  return Array.from({ length: 2 * each }, (_, i): Flip => {
    const { id, classes } = fixtureTasks[i % fixtureTasks.length] ?? { id: "digits", classes: ["0", "1"] };
    const label = classes[(i * 7) % classes.length] ?? "";
    const other = classes[(i * 7 + 3) % classes.length] ?? "";
    const isWon = i < each;
    return {
      task: id,
      row: i,
      kind: isWon ? "won" : "lost",
      label,
      before: isWon ? other : label,
      after: isWon ? label : other,
      el2n: 1.3 - 0.02 * i,
      example: { kind: "image", pixels: ring(4 + (i % 7)), shape: [1, 28, 28] },
    };
  });
}

function ring(radius: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length: 28 * 28 }, (_, i) => {
    const distance = Math.hypot((i % 28) - 13.5, Math.floor(i / 28) - 13.5);
    return Math.max(0, 255 - 90 * Math.abs(distance - radius));
  });
}
