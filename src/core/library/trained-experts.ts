/**
 * Experts that were trained here, in memory. They grow while the training goes on: every checkpoint joins its expert
 * as soon as it is made.
 */
import { type Context, quietContext } from "../context.ts";
import { AppError } from "../errors.ts";
import { ContentHasher } from "../model/content-id.ts";
import type { Checkpoint, ExpertModel } from "../model/library.ts";
import { expertFromName } from "../model/step-from-name.ts";
import type { ExpertId } from "../recipe/schema.ts";
import type { ExpertCard } from "../summary.ts";
import type { Kernels } from "../tensor/kernels.ts";
import { sizeOf, type TensorSpec } from "../tensor/tensor.ts";
import { unknownCheckpoint } from "./dropped-experts.ts";
import { requireFinite } from "./file-checkpoint.ts";

/** One moment of a training, as the trainer hands it over. */
export interface TrainedCheckpoint {
  /** Names the training: all its checkpoints belong to one expert. */
  readonly run: string;
  /** What the user calls it. */
  readonly label: string;
  readonly task: string;
  readonly step: number;
  /** f32 by name, kept; tensors that are absent are as in the base. */
  readonly tensors: ReadonlyMap<string, Float32Array<ArrayBuffer>>;
}

export interface TrainedSurroundings {
  readonly base: Checkpoint;
  readonly kernels: Kernels;
  /** Ids that are not free. */
  isTaken(id: ExpertId): boolean;
}

interface Trained {
  readonly id: ExpertId;
  readonly label: string;
  readonly task: string;
  readonly checkpoints: Map<number, Checkpoint>;
}

/** Ids have 64 characters at most; the rest is for the number. */
const MAX_NUMBERED = 60;

export class TrainedExperts {
  readonly #surroundings: TrainedSurroundings;
  readonly #byRun = new Map<string, Trained>();
  /** Results are remembered under recipes, and recipes name experts: an id never comes to mean other weights. */
  readonly #used = new Set<ExpertId>();

  constructor(surroundings: TrainedSurroundings) {
    this.#surroundings = surroundings;
  }

  /** Takes a checkpoint; one of the same step replaces it. @throws AppError model/shape-mismatch, model/non-finite */
  async add(made: TrainedCheckpoint, context: Context = quietContext): Promise<ExpertCard> {
    const checkpoint = await this.#checkpoint(made, context);
    const expert = this.#byRun.get(made.run) ?? this.#begin(made);
    expert.checkpoints.set(made.step, checkpoint);
    return card(expert);
  }

  forget(id: ExpertId): void {
    for (const [run, expert] of this.#byRun) if (expert.id === id) this.#byRun.delete(run);
  }

  has(id: ExpertId): boolean {
    return this.#used.has(id);
  }

  cards(): readonly ExpertCard[] {
    return [...this.#byRun.values()].map(card);
  }

  model(id: ExpertId): ExpertModel | undefined {
    const expert = [...this.#byRun.values()].find((candidate) => candidate.id === id);
    return (
      expert && {
        id,
        task: expert.task,
        steps: stepsOf(expert),
        async checkpoint(step) {
          const found = expert.checkpoints.get(step);
          if (!found) throw unknownCheckpoint(id, step);
          return found;
        },
      }
    );
  }

  #begin({ run, label, task }: TrainedCheckpoint): Trained {
    const { slug } = expertFromName(label);
    for (let number = 1; ; number++) {
      const id = number === 1 ? slug : `${slug.slice(0, MAX_NUMBERED)}-${number}`;
      if (this.#surroundings.isTaken(id) || this.#used.has(id)) continue;
      const expert = {
        id,
        label: number === 1 ? label : `${label} (${number})`,
        task,
        checkpoints: new Map(),
      };
      this.#used.add(id);
      this.#byRun.set(run, expert);
      return expert;
    }
  }

  async #checkpoint({ tensors, label }: TrainedCheckpoint, context: Context): Promise<Checkpoint> {
    const { base, kernels } = this.#surroundings;
    const specs = new Map<string, TensorSpec>();
    const hasher = new ContentHasher();
    const load = async (name: string) => tensors.get(name) ?? base.load(name);
    for (const [name, { shape }] of base.tensors) {
      context.signal.throwIfAborted();
      const values = await load(name);
      if (values.length !== sizeOf(shape)) throw mismatch(label, name, values.length, shape);
      requireFinite(values, name, label, kernels);
      const spec: TensorSpec = { name, shape, dtype: "f32" };
      hasher.add(spec, new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
      specs.set(name, spec);
      await context.breathe();
    }
    return { ...hasher.content(), tensors: specs, load };
  }
}

function mismatch(file: string, tensor: string, length: number, shape: readonly number[]): AppError {
  const wanted = shape.join(" × ");
  return new AppError(
    "model/shape-mismatch",
    `${file}: ${tensor} has ${length} values, the base wants ${wanted}.`,
    { file, tensor },
  );
}

function stepsOf({ checkpoints }: Trained): readonly number[] {
  return [...checkpoints.keys()].sort((a, b) => a - b);
}

function card(expert: Trained): ExpertCard {
  const { id, label, task, checkpoints } = expert;
  return {
    id,
    label,
    task,
    source: "trained",
    checkpoints: stepsOf(expert).flatMap((step) => {
      const checkpoint = checkpoints.get(step);
      return checkpoint ? [{ step, file: `${id}@${step}`, id: checkpoint.id }] : [];
    }),
    warnings: [],
  };
}
