/**
 * Experts that were trained here, in memory. They grow while the training goes on: every checkpoint joins its expert
 * as soon as it is made. Those that were kept come back under the id that recipes know them by.
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
import type { TrainedRecord } from "./trained-file.ts";

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
  /** Of the tasks that there are now. */
  taskIds(): readonly string[];
  /** Ids that are not free. */
  isTaken(id: ExpertId): boolean;
}

interface Trained {
  readonly run: string;
  readonly id: ExpertId;
  readonly label: string;
  readonly task: string;
  readonly checkpoints: Map<number, Made>;
}

/** A checkpoint with what was trained of it. */
interface Made {
  readonly checkpoint: Checkpoint & { readonly digests: ReadonlyMap<string, string> };
  readonly tensors: TrainedCheckpoint["tensors"];
}

/** A trained expert's name: what it is wanted as, or what is free. */
type Wanted = Pick<TrainedCheckpoint, "run" | "label" | "task"> & { readonly id: ExpertId };

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

  /**
   * Takes a checkpoint; one of the same step replaces it.
   *
   * @param isReserved tells ids that new experts must not get either
   * @throws AppError model/shape-mismatch, model/non-finite
   */
  async add(
    made: TrainedCheckpoint,
    context: Context = quietContext,
    isReserved: (id: ExpertId) => boolean = () => false,
  ): Promise<ExpertCard> {
    const checkpoint = await this.#checkpoint(made, context);
    const id = expertFromName(made.label).slug;
    const expert = this.#byRun.get(made.run) ?? this.#begin({ ...made, id }, isReserved);
    expert.checkpoints.set(made.step, { checkpoint, tensors: made.tensors });
    return this.#card(expert);
  }

  /**
   * Takes a checkpoint that was kept, under the id that it had; under a free one where that has been taken since.
   *
   * @throws AppError model/no-base, model/shape-mismatch when it is of another base
   */
  restore({ about, digests, tensors }: TrainedRecord): ExpertCard {
    const { base } = this.#surroundings;
    const { run, expert: id, label, task, step, checkpoint: content } = about;
    if (about.base !== base.id) {
      const message = `“${label}” was trained from another base. Open the family that it belongs to.`;
      throw new AppError("model/no-base", message, { expected: about.base, open: base.id });
    }
    for (const [name, { length }] of tensors) {
      const shape = base.tensors.get(name)?.shape;
      if (!shape || length !== sizeOf(shape)) throw mismatch(label, name, length, shape ?? []);
    }
    const checkpoint = { ...whole(base, tensors), id: content, digests };
    const expert = this.#byRun.get(run) ?? this.#begin({ run, label, task, id });
    expert.checkpoints.set(step, { checkpoint, tensors });
    return this.#card(expert);
  }

  /** All checkpoints of a training, or of all, as they are to be kept; their tensors are read-only. */
  records(of?: string): readonly TrainedRecord[] {
    const { base } = this.#surroundings;
    return [...this.#byRun.values()].flatMap(({ run, id: expert, label, task, checkpoints }) => {
      if (of !== undefined && run !== of) return [];
      return [...checkpoints].map(([step, { checkpoint, tensors }]) => ({
        about: { run, expert, label, task, step, base: base.id, checkpoint: checkpoint.id },
        digests: checkpoint.digests,
        tensors,
      }));
    });
  }

  /** Lets go of an expert. */
  forget(id: ExpertId): void {
    for (const [run, expert] of this.#byRun) if (expert.id === id) this.#byRun.delete(run);
  }

  has(id: ExpertId): boolean {
    return this.#used.has(id);
  }

  hasRun(run: string): boolean {
    return this.#byRun.has(run);
  }

  cards(): readonly ExpertCard[] {
    return [...this.#byRun.values()].map((expert) => this.#card(expert));
  }

  model(id: ExpertId): ExpertModel | undefined {
    const expert = [...this.#byRun.values()].find((candidate) => candidate.id === id);
    if (!expert) return undefined;
    const task = this.#taskOf(expert);
    return {
      id,
      ...(task !== undefined && { task }),
      steps: stepsOf(expert),
      async checkpoint(step) {
        const found = expert.checkpoints.get(step)?.checkpoint;
        if (!found) throw unknownCheckpoint(id, step);
        return found;
      },
    };
  }

  /** Under the id that is wanted, or the first free one. */
  #begin(
    { run, label, task, id: wanted }: Wanted,
    isReserved: (id: ExpertId) => boolean = () => false,
  ): Trained {
    for (let number = 1; ; number++) {
      const id = number === 1 ? wanted : `${wanted.slice(0, MAX_NUMBERED)}-${number}`;
      if (this.#surroundings.isTaken(id) || this.#used.has(id) || isReserved(id)) continue;
      const name = number === 1 ? label : `${label} (${number})`;
      const expert = { run, id, label: name, task, checkpoints: new Map() };
      this.#used.add(id);
      this.#byRun.set(run, expert);
      return expert;
    }
  }

  async #checkpoint({ tensors, label }: TrainedCheckpoint, context: Context): Promise<Made["checkpoint"]> {
    const { base, kernels } = this.#surroundings;
    const all = whole(base, tensors);
    const hasher = new ContentHasher();
    for (const [name, spec] of all.tensors) {
      context.signal.throwIfAborted();
      const values = await all.load(name);
      if (values.length !== sizeOf(spec.shape)) throw mismatch(label, name, values.length, spec.shape);
      requireFinite(values, name, label, kernels);
      hasher.add(spec, new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
      await context.breathe();
    }
    return { ...hasher.content(), ...all };
  }

  /** An added task is gone after a reload, and may come again. */
  #taskOf({ task }: Trained): string | undefined {
    return this.#surroundings.taskIds().includes(task) ? task : undefined;
  }

  #card(expert: Trained): ExpertCard {
    return card(expert, this.#taskOf(expert));
  }
}

/** The base with what was trained in its place, f32. */
function whole(
  base: Checkpoint,
  tensors: TrainedCheckpoint["tensors"],
): Pick<Checkpoint, "tensors" | "load"> {
  const specs = [...base.tensors.values()].map(
    ({ name, shape }): TensorSpec => ({ name, shape, dtype: "f32" }),
  );
  return {
    tensors: new Map(specs.map((spec) => [spec.name, spec])),
    load: async (name) => tensors.get(name) ?? base.load(name),
  };
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

function card(expert: Trained, task: string | undefined): ExpertCard {
  const { id, label, checkpoints } = expert;
  return {
    id,
    label,
    ...(task !== undefined && { task }),
    source: "trained",
    checkpoints: stepsOf(expert).flatMap((step) => {
      const made = checkpoints.get(step);
      return made ? [{ step, file: `${id}@${step}`, id: made.checkpoint.id }] : [];
    }),
    warnings: [],
  };
}
