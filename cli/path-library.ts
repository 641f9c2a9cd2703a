/** Models behind paths as the library of a merge. Nothing of them is held but the base's tensor in use. */
import type { Context } from "#core/context.ts";
import { EvidenceStore } from "#core/evidence/store.ts";
import type { ModelFile } from "#core/formats/format.ts";
import { asExpert } from "#core/library/adapters.ts";
import type { ExportableLibrary } from "#core/library/export.ts";
import { fileCheckpoint, recalling } from "#core/library/file-checkpoint.ts";
import { ownFamily } from "#core/library/own-family.ts";
import { type NonFinitePolicy, repaired } from "#core/library/repair.ts";
import { requireExpert } from "#core/model/align.ts";
import { type Content, contentOf } from "#core/model/content-id.ts";
import type { Checkpoint, ExpertModel } from "#core/model/library.ts";
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

export class PathLibrary implements ExportableLibrary {
  readonly files: FamilyFiles;
  readonly base: Checkpoint;
  readonly baseFile: ModelFile;
  readonly evidenceStore = new EvidenceStore();
  readonly #experts = new Map<ExpertId, { readonly model: ExpertModel; readonly path: string }>();
  readonly warnings: string[] = [];

  /** Reads every file once, for its content's id. @throws AppError file/…, model/… */
  static async open(
    base: OpenedPath,
    experts: readonly ExpertPath[],
    nonFinite: NonFinitePolicy,
    kernels: Kernels,
    context: Context,
  ): Promise<PathLibrary> {
    const files = ownFamily({ base, candidates: [], datasets: [] });
    const library = new PathLibrary(files, base.file, await contentOf(base.file, context, sha256), kernels);
    for (const expert of experts) await library.#add(expert, nonFinite, kernels, context);
    return library;
  }

  private constructor(files: FamilyFiles, baseFile: ModelFile, content: Content, kernels: Kernels) {
    this.files = files;
    this.baseFile = baseFile;
    this.base = recalling(fileCheckpoint(baseFile, content, kernels));
  }

  async #add(
    { id, step, opened }: ExpertPath,
    nonFinite: NonFinitePolicy,
    kernels: Kernels,
    context: Context,
  ): Promise<void> {
    const { base, baseFile } = this;
    const fixed = nonFinite === "error" ? undefined : repaired(opened.file, baseFile, nonFinite, kernels);
    const file = asExpert(fixed ?? opened.file, { file: baseFile, id: base.id }, opened.config);
    this.warnings.push(...requireExpert(base.tensors, file.tensors, opened.path));
    const checkpoint = fileCheckpoint(file, await contentOf(file, context, sha256), kernels, base);
    if (fixed) this.#tell(opened.path, fixed.replaced, nonFinite);
    const model = { id, steps: [step], checkpoint: async () => checkpoint };
    this.#experts.set(id, { model, path: opened.path });
  }

  #tell(path: string, replaced: ReadonlyMap<string, number>, by: NonFinitePolicy): void {
    const [first] = replaced.keys();
    if (first === undefined) return;
    const entries = [...replaced.values()].reduce((sum, count) => sum + count, 0);
    const what = by === "zero" ? "0" : "the base's own";
    this.warnings.push(
      `${path}: ${entries} entries in ${replaced.size} tensors are NaN or infinite, first in ${first}; they count as ${what}.`,
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
}
