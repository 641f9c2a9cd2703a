/**
 * Experts made of files that the user dropped. Files of one name are checkpoints of one expert; a name that the zoo
 * has already makes a new expert beside it. Each file is taken by itself, so that any grouping of the same files, also
 * after a restart, gives the same experts.
 */
import type { Context } from "../context.ts";
import { AppError } from "../errors.ts";
import type { ModelFile } from "../formats/format.ts";
import { requireExpert } from "../model/align.ts";
import type { Checkpoint, ExpertModel } from "../model/library.ts";
import { expertFromName, stepFromName } from "../model/step-from-name.ts";
import type { ContentId, ExpertId } from "../recipe/schema.ts";
import type { CheckpointCard, ExpertCard } from "../summary.ts";
import type { Kernels } from "../tensor/kernels.ts";
import { type AdapterFile, fileCheckpoint } from "./file-checkpoint.ts";
import { type Provenance, tryProvenance } from "./provenance.ts";
import { type NonFinitePolicy, soundExpert } from "./repair.ts";

export interface Surroundings {
  readonly base: Checkpoint;
  readonly kernels: Kernels;
  /** Of the tasks that there are now. */
  taskIds(): readonly string[];
  /** Ids that are not free for dropped experts. */
  isTaken(id: ExpertId): boolean;
}

/** A merged file and how it was made. */
export interface MergedFile {
  readonly file: ModelFile;
  readonly made: Provenance;
}

interface Dropped {
  readonly id: ExpertId;
  /** The id that its files' names suggest. */
  readonly slug: string;
  readonly label: string;
  readonly task: string | undefined;
  /** False for a single file whose name has no step. */
  readonly hasSteps: boolean;
  /** By step; 0 for a file without one. */
  readonly checkpoints: Map<number, DroppedCheckpoint>;
}

interface DroppedCheckpoint {
  readonly path: string;
  readonly file: ModelFile;
  readonly checkpoint: Checkpoint;
  readonly warnings: readonly string[];
  /** Set for a merge of ours that says how it was made. */
  readonly made: Provenance | undefined;
}

/** Ids have 64 characters at most; the rest is for the number. */
const MAX_NUMBERED = 60;

export class DroppedExperts {
  readonly #surroundings: Surroundings;
  readonly #experts = new Map<ExpertId, Dropped>();
  /** Results are remembered under recipes, and recipes name experts: an id never comes to mean other weights. */
  readonly #retired = new Set<ExpertId>();

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings;
  }

  /**
   * Reads the whole file once and takes it as a checkpoint. The same file again changes nothing; with another policy on
   * what is no number it is another model.
   *
   * @throws AppError model/missing-tensors, model/shape-mismatch, model/dtype, model/non-finite
   */
  async add(
    given: ModelFile | AdapterFile,
    path: string,
    context: Context,
    nonFinite: NonFinitePolicy = "error",
  ): Promise<ExpertCard> {
    const { base, kernels } = this.#surroundings;
    const { made, warning } = tryProvenance(given.metadata);
    const misfits = requireExpert(base.tensors, given.tensors, given.name);
    const warnings = warning === undefined ? misfits : [...misfits, warning];
    const { file, content, repair } = await soundExpert(given, base, nonFinite, context);
    const step = stepFromName(path);
    const expert = this.#home(path, step, content.id);
    expert.checkpoints.set(step ?? 0, {
      path,
      file,
      checkpoint: fileCheckpoint(file, content, kernels, base, repair),
      warnings,
      made,
    });
    this.#experts.set(expert.id, expert);
    return this.#card(expert);
  }

  /** The file of a checkpoint that is a merge of ours, and what it says of its making. */
  merged(id: ExpertId, step: number): MergedFile | undefined {
    const found = this.#experts.get(id)?.checkpoints.get(step);
    return found?.made && { file: found.file, made: found.made };
  }

  forget(id: ExpertId): void {
    if (this.#experts.delete(id)) this.#retired.add(id);
  }

  /** Tells whether the id is a dropped expert's, or was one's. */
  has(id: ExpertId): boolean {
    return this.#experts.has(id) || this.#retired.has(id);
  }

  cards(): readonly ExpertCard[] {
    return [...this.#experts.values()].map((expert) => this.#card(expert));
  }

  model(id: ExpertId): ExpertModel | undefined {
    const expert = this.#experts.get(id);
    const task = expert && this.#taskOf(expert);
    return (
      expert && {
        id,
        ...(task && { task }),
        steps: steps(expert),
        checkpoint: checkpointOf(expert),
      }
    );
  }

  /** The expert that the file belongs to: one of its name that has this very checkpoint, or none of this step yet. */
  #home(path: string, step: number | undefined, id: ContentId): Dropped {
    const { slug, label } = expertFromName(path);
    const hasSteps = step !== undefined;
    const same = [...this.#experts.values()].filter(
      (expert) => expert.slug === slug && expert.hasSteps === hasSteps,
    );
    const at = (expert: Dropped) => expert.checkpoints.get(step ?? 0);
    const home =
      same.find((expert) => at(expert)?.checkpoint.id === id) ??
      same.find((expert) => at(expert) === undefined);
    if (home) return home;
    const { number, id: free } = this.#freeId(slug);
    return {
      id: free,
      slug,
      label: number > 1 ? `${label} (${number})` : label,
      task: taskOf(slug, this.#surroundings.taskIds()),
      hasSteps,
      checkpoints: new Map(),
    };
  }

  /** The task it had when it came, or one that was added since. */
  #taskOf({ task, slug }: Dropped): string | undefined {
    return task ?? taskOf(slug, this.#surroundings.taskIds());
  }

  #card(expert: Dropped): ExpertCard {
    return card(expert, this.#taskOf(expert));
  }

  #freeId(slug: string): { readonly number: number; readonly id: ExpertId } {
    for (let number = 1; ; number++) {
      const id = number === 1 ? slug : `${slug.slice(0, MAX_NUMBERED)}-${number}`;
      const isFree = !this.#surroundings.isTaken(id) && !this.#experts.has(id) && !this.#retired.has(id);
      if (isFree) return { number, id };
    }
  }
}

function steps({ checkpoints }: Dropped): readonly number[] {
  return [...checkpoints.keys()].sort((a, b) => a - b);
}

function checkpointOf({ id, checkpoints }: Dropped): ExpertModel["checkpoint"] {
  return async (step) => {
    const found = checkpoints.get(step)?.checkpoint;
    if (!found) throw unknownCheckpoint(id, step);
    return found;
  };
}

function card(expert: Dropped, task: string | undefined): ExpertCard {
  const { id, label, checkpoints } = expert;
  const sorted = steps(expert).map((step) => [step, checkpoints.get(step)] as const);
  return {
    id,
    label,
    ...(task && { task }),
    source: "dropped",
    checkpoints: sorted.flatMap(([step, entry]) => (entry ? [checkpointCard(step, entry)] : [])),
    warnings: [...new Set([...checkpoints.values()].flatMap(({ warnings }) => warnings))],
  };
}

function checkpointCard(step: number, { path, checkpoint, made }: DroppedCheckpoint): CheckpointCard {
  const { id, repair } = checkpoint;
  return {
    step,
    file: path,
    id,
    ...(repair && { repair }),
    ...(made && { mergedBy: made.recipe.method.id }),
  };
}

/** The task whose id stands as a word in the slug, if any does. */
export function taskInSlug(slug: string, tasks: readonly string[]): string | undefined {
  const words = `-${slug.replaceAll(/[._]/g, "-")}-`;
  return tasks.find((task) => words.includes(`-${task}-`));
}

/** The task that an expert of this name is for: the one in its name, or the only one. */
export function taskOf(slug: string, tasks: readonly string[]): string | undefined {
  return taskInSlug(slug, tasks) ?? (tasks.length === 1 ? tasks[0] : undefined);
}

/** Says that the expert has no checkpoint of that step. */
export function unknownCheckpoint(expert: ExpertId, step: number): AppError {
  return new AppError(
    "recipe/unknown-checkpoint",
    `The expert “${expert}” has no checkpoint of step ${step}.`,
    { expert, step },
  );
}
