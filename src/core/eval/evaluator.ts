/**
 * Evaluates merged models on a suite in growing samples, and remembers what was predicted.
 *
 * Reports, comparisons and flips are computed from remembered predictions, so that a new definition of hard or a
 * baseline that arrives late costs no run of the graph.
 */
import type { Context } from "../context.ts";
import { AppError } from "../errors.ts";
import { type Baseline, Baselines } from "./baselines.ts";
import { flipsOf, type Pair, pairedComparison } from "./compare.ts";
import type { MergedImage } from "./image.ts";
import { fillArgmax, NO_CLASS, type Predictions } from "./metrics.ts";
import type { TaskOutcome } from "./paired.ts";
import { PredictionStore, reusableRows, type SessionKind } from "./predictions.ts";
import type { Flip, HardOptions, PairedComparison, RetentionReport, Split } from "./report.ts";
import { retentionReport } from "./retention.ts";
import { schedule } from "./schedule.ts";
import { type EvalSuite, type EvalTask, inputRows } from "./suite.ts";
import type { Predictor, Trunk } from "./trunk.ts";
import type { ZooExamples } from "./zoo-examples.ts";

export interface EvaluationRequest {
  /** The image must be at this revision, and stay at it. */
  readonly revision: number;
  readonly recipeKey: string;
  readonly split: Split;
  /** Examples per task after which a report is due, ascending; the last is where it ends. Capped at the split's size. */
  readonly stages: readonly number[];
  /** Absent = all tasks that the image has a model for. */
  readonly tasks?: readonly string[];
  readonly hard: HardOptions;
  /** The recipe that the simple average must be of; absent = the average kept last. */
  readonly averageKey?: string;
  /** Keep the predictions as this baseline. */
  readonly keepAs?: Baseline;
  readonly session: SessionKind;
}

/** One task's evaluation under way: the first `filled` of its predictions are known. */
interface TaskRun {
  readonly task: EvalTask;
  readonly predictions: Predictions;
  filled: number;
}

export class Evaluator {
  readonly suite: EvalSuite;
  readonly #examples: ZooExamples;
  readonly #trunk: Pick<Trunk, "predictor">;
  readonly #known = new PredictionStore();
  readonly #baselines = new Baselines();

  constructor(suite: EvalSuite, examples: ZooExamples, trunk: Pick<Trunk, "predictor">) {
    this.suite = suite;
    this.#examples = examples;
    this.#trunk = trunk;
  }

  /**
   * Evaluates the image and returns the last stage's report; earlier ones go to onReport.
   *
   * What an aborted evaluation has predicted is remembered, and its successor goes on from there.
   *
   * @throws Superseded when the image leaves the revision; AppError eval/…, zoo/unavailable, model/unknown-task
   */
  async evaluate(
    request: EvaluationRequest,
    image: MergedImage,
    context: Context,
    onReport: (report: RetentionReport) => void = () => {},
  ): Promise<RetentionReport> {
    image.check(request.revision);
    const runs = this.#begin(request, image);
    const { output } = image;
    const stages = schedule(
      runs.map(({ task, predictions, filled }) => ({
        task: task.id,
        known: filled,
        count: predictions.length,
      })),
      request.stages,
    );
    const header = {
      recipeKey: request.recipeKey,
      split: request.split,
      output,
      hard: request.hard,
    } as const;
    const predictor = this.#trunk.predictor(image, request.session);
    const total = runs.reduce((sum, { predictions, filled }) => sum + predictions.length - filled, 0);
    let done = 0;
    try {
      for (const [stage, chunks] of stages.entries()) {
        for (const { task, begin, end } of chunks) {
          await context.breathe();
          context.signal.throwIfAborted();
          image.check(request.revision);
          await this.#predict(predictor, runOf(runs, task), request.split, begin, end);
          done += end - begin;
          context.progress(done, total);
        }
        this.#remember(request, output, runs);
        if (stage < stages.length - 1) onReport(await this.#report(header, slices(runs), request.averageKey));
      }
    } finally {
      this.#remember(request, output, runs);
      await predictor.close();
    }
    return this.#report(header, slices(runs), request.averageKey);
  }

  /**
   * Reports on predictions that are still known, against the baselines known now; undefined when there are none.
   *
   * @param averageKey the recipe that the simple average must be of; absent = the average kept last
   */
  async report(
    recipeKey: string,
    split: Split,
    hard: HardOptions,
    averageKey?: string,
  ): Promise<RetentionReport | undefined> {
    const known = new Map<EvalTask, Predictions>();
    let output: RetentionReport["output"] = "single";
    for (const task of this.suite.tasks) {
      const entry = this.#known.get(recipeKey, split, task.id);
      if (!entry) continue;
      known.set(task, entry.predictions);
      output = entry.output;
    }
    return known.size > 0 ? this.#report({ recipeKey, split, output, hard }, known, averageKey) : undefined;
  }

  /** Compares two evaluated recipes task by task on the examples that both have seen. */
  async compare(recipeKey: string, otherKey: string, split: Split): Promise<readonly PairedComparison[]> {
    return (await this.#pairs(recipeKey, otherKey, split)).map(pairedComparison);
  }

  /** Returns up to `limit` examples that recipeKey won against otherKey and as many that it lost, hardest first. */
  async flips(recipeKey: string, otherKey: string, split: Split, limit: number): Promise<readonly Flip[]> {
    return flipsOf(await this.#pairs(recipeKey, otherKey, split), this.suite.input, limit);
  }

  /** Returns the classes that an evaluated recipe predicts for a task's first examples, copied; undefined when not known. */
  predictions(recipeKey: string, split: Split, task: string): Predictions | undefined {
    return this.#known.get(recipeKey, split, task)?.predictions.slice();
  }

  /** Returns the classes of a task's first n examples, copied. @throws AppError model/unknown-task, zoo/unavailable */
  async labels(task: string, split: Split, n: number): Promise<Uint8Array<ArrayBuffer>> {
    const { labels } = await this.#examples.atLeast(this.#task(task).id, split, n);
    return labels.slice(0, n);
  }

  #begin({ tasks, split, stages, recipeKey, session }: EvaluationRequest, image: MergedImage): TaskRun[] {
    const wanted =
      tasks?.map((id) => this.#task(id)) ?? this.suite.tasks.filter(({ id }) => image.serves(id));
    return wanted.map((task) => {
      if (!image.serves(task.id)) throw unknownTask(task.id);
      const predictions = new Uint8Array(Math.min(task.n[split], Math.max(0, ...stages)));
      const known = this.#known.get(recipeKey, split, task.id);
      const filled = Math.min(reusableRows(known, session), predictions.length);
      if (known) predictions.set(known.predictions.subarray(0, filled));
      return { task, predictions, filled };
    });
  }

  async #predict(
    predictor: Predictor,
    run: TaskRun,
    split: Split,
    begin: number,
    end: number,
  ): Promise<void> {
    const examples = await this.#examples.atLeast(run.task.id, split, end);
    const rows = inputRows(examples, this.suite.input, begin, end);
    const logits = await predictor.logits(run.task.id, rows, end - begin);
    fillArgmax(run.predictions.subarray(begin, end), logits, widthOf(logits, end - begin, run.task));
    run.filled = end;
  }

  #remember(request: EvaluationRequest, output: RetentionReport["output"], runs: readonly TaskRun[]): void {
    const { recipeKey, split, session, keepAs } = request;
    for (const [task, predictions] of slices(runs)) {
      this.#known.offer(recipeKey, split, task.id, { predictions, session, output });
      if (keepAs) this.#baselines.keep(keepAs, recipeKey, split, task.id, predictions);
    }
  }

  async #report(
    header: Omit<RetentionReport, "suite" | "subset" | "tasks" | "mean">,
    known: ReadonlyMap<EvalTask, Predictions>,
    averageKey?: string,
  ): Promise<RetentionReport> {
    const { split } = header;
    const outcomes: TaskOutcome[] = [];
    for (const [{ id, classes }, merged] of known) {
      const { labels } = await this.#examples.atLeast(id, split, merged.length);
      const references = this.#baselines.covering(split, id, merged.length, averageKey);
      outcomes.push({
        task: id,
        classes: classes.length,
        labels,
        merged,
        ...references,
        difficulty: this.#examples.difficulty(id, split),
      });
    }
    const isFull = [...known].every(([task, { length }]) => length === task.n[split]);
    return retentionReport({ ...header, suite: this.suite.id, subset: isFull ? "full" : "quick" }, outcomes);
  }

  /** Both recipes' predictions of every task for which both are known. */
  async #pairs(recipeKey: string, otherKey: string, split: Split): Promise<Pair[]> {
    const pairs: Pair[] = [];
    for (const task of this.suite.tasks) {
      const now = this.#known.get(recipeKey, split, task.id)?.predictions;
      const before = this.#known.get(otherKey, split, task.id)?.predictions;
      if (!now || !before) continue;
      const n = Math.min(now.length, before.length);
      pairs.push({ task, n, now, before, examples: await this.#examples.atLeast(task.id, split, n) });
    }
    return pairs;
  }

  #task(id: string): EvalTask {
    const task = this.suite.tasks.find((candidate) => candidate.id === id);
    if (!task) throw unknownTask(id);
    return task;
  }
}

/** What each run knows so far, copied; tasks without any are left out. */
function slices(runs: readonly TaskRun[]): Map<EvalTask, Predictions> {
  const started = runs.filter(({ filled }) => filled > 0);
  return new Map(started.map(({ task, predictions, filled }) => [task, predictions.slice(0, filled)]));
}

function runOf(runs: readonly TaskRun[], task: string): TaskRun {
  const found = runs.find((candidate) => candidate.task.id === task);
  if (!found) throw new Error(`no run of ${task}`);
  return found;
}

/** Classes that the graph scores: those of the examples, or more. @throws AppError data/malformed for fewer */
function widthOf(logits: Float32Array, rows: number, { id, classes }: EvalTask): number {
  const width = logits.length / rows;
  if (width >= classes.length && width <= NO_CLASS) return width;
  throw new AppError(
    "data/malformed",
    `The examples of “${id}” have ${classes.length} classes, and the model scores ${width}. Take the examples that it was trained for, or another output.`,
    { task: id, classes: classes.length, scores: width },
  );
}

function unknownTask(task: string): AppError {
  return new AppError("model/unknown-task", `There is no model or no examples for the task “${task}”.`, {
    task,
  });
}
