/** Models behind paths as the library of a merge. Nothing of them is held but the base's tensor in use. */
import type { Context } from "#core/context.ts";
import { EvidenceStore } from "#core/evidence/store.ts";
import type { ModelFile } from "#core/formats/format.ts";
import { asExpert } from "#core/library/adapters.ts";
import type { ExportableLibrary } from "#core/library/export.ts";
import { fileCheckpoint, recalling } from "#core/library/file-checkpoint.ts";
import { kindsOf } from "#core/library/non-finite.ts";
import { ownFamily } from "#core/library/own-family.ts";
import { type Provenance, tryProvenance } from "#core/library/provenance.ts";
import { type NonFinitePolicy, type Sound, soundBase, soundExpert } from "#core/library/repair.ts";
import { requireExpert } from "#core/model/align.ts";
import type { Checkpoint, ExpertModel } from "#core/model/library.ts";
import type { Repair } from "#core/recipe/repair.ts";
import type { ExpertId } from "#core/recipe/schema.ts";
import type { Kernels } from "#core/tensor/kernels.ts";
import type { FamilyFiles } from "#core/zoo.ts";
import type { OpenedPath } from "./open-path.ts";
import { sha256 } from "./sha256.ts";

export interface ExpertPath {
  readonly id: ExpertId;
  /** What the recipe calls the checkpoint; one file is one. */
  readonly step: number;
  readonly opened: OpenedPath;
}

/** What becomes of entries that are no numbers. */
export interface Policies {
  readonly base: NonFinitePolicy;
  expert(id: ExpertId): NonFinitePolicy;
}

export class PathLibrary implements ExportableLibrary {
  readonly files: FamilyFiles;
  readonly base: Checkpoint;
  readonly baseFile: ModelFile;
  readonly evidenceStore = new EvidenceStore();
  readonly #experts = new Map<
    ExpertId,
    { readonly model: ExpertModel; readonly path: string; readonly made: Provenance | undefined }
  >();
  readonly warnings: string[] = [];

  /** Reads every file once, for its content's id. @throws AppError file/…, model/… */
  static async open(
    base: OpenedPath,
    experts: readonly ExpertPath[],
    policies: Policies,
    kernels: Kernels,
    context: Context,
  ): Promise<PathLibrary> {
    const files = ownFamily({ base, candidates: [], datasets: [] });
    const sound = await soundBase(base.file, policies.base, context, sha256);
    const library = new PathLibrary(files, sound, kernels);
    library.#tell(base.path, sound.repair);
    for (const expert of experts) await library.#add(expert, policies.expert(expert.id), kernels, context);
    return library;
  }

  private constructor(files: FamilyFiles, { file, content, repair }: Sound, kernels: Kernels) {
    this.files = files;
    this.baseFile = file;
    this.base = recalling(fileCheckpoint(file, content, kernels, undefined, repair));
  }

  async #add(
    { id, step, opened }: ExpertPath,
    nonFinite: NonFinitePolicy,
    kernels: Kernels,
    context: Context,
  ): Promise<void> {
    const { base, baseFile } = this;
    const given = asExpert(opened.file, { file: baseFile, id: base.id }, opened.config);
    this.warnings.push(...requireExpert(base.tensors, given.tensors, opened.path));
    const { file, content, repair } = await soundExpert(given, base, nonFinite, context, sha256);
    const checkpoint = fileCheckpoint(file, content, kernels, base, repair);
    this.#tell(opened.path, repair);
    const model = { id, steps: [step], checkpoint: async () => checkpoint };
    this.#experts.set(id, { model, path: opened.path, made: tryProvenance(opened.file.metadata).made });
  }

  #tell(path: string, repair: Repair | undefined): void {
    if (!repair) return;
    const what = repair.by === "zero" ? "0" : "the base's own";
    const where = repair.tensors === 1 ? "one tensor" : `${repair.tensors} tensors`;
    this.warnings.push(
      `${path}: entries that are no numbers (${kindsOf(repair)}) in ${where} count as ${what}.`,
    );
  }

  expert(id: ExpertId): ExpertModel | undefined {
    return this.#experts.get(id)?.model;
  }

  evidence(id: string) {
    return this.evidenceStore.get(id);
  }

  fileOf(id: ExpertId): string | undefined {
    return this.#experts.get(id)?.path;
  }

  madeOf(id: ExpertId): Provenance | undefined {
    return this.#experts.get(id)?.made;
  }
}
