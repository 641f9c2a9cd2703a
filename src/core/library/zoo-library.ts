/** A zoo family's base and experts, and the experts that were dropped in or trained beside them. */
import { type Context, quietContext } from "../context.ts";
import { EvidenceStore } from "../evidence/store.ts";
import type { ModelFile } from "../formats/format.ts";
import { parseOnnx } from "../formats/onnx.ts";
import type { Evidence } from "../model/evidence.ts";
import type { Checkpoint, ExpertModel, LinearUse } from "../model/library.ts";
import type { ContentId, ExpertId } from "../recipe/schema.ts";
import { linearLayers } from "../routing/linear-layers.ts";
import type { EvidenceCard, ExpertCard, LibraryCard } from "../summary.ts";
import type { Kernels } from "../tensor/kernels.ts";
import type { FamilyFiles } from "../zoo.ts";
import { asExpert, type ConfigText } from "./adapters.ts";
import { libraryCard } from "./cards.ts";
import { DroppedExperts, type MergedFile } from "./dropped-experts.ts";
import type { ExportableLibrary } from "./export.ts";
import { fileCheckpoint, remembering } from "./file-checkpoint.ts";
import type { Provenance } from "./provenance.ts";
import { type NonFinitePolicy, type Sound, soundBase } from "./repair.ts";
import { TrainedExperts } from "./trained-experts.ts";
import { zooExpert } from "./zoo-experts.ts";

export interface AddOptions {
  /** The adapter_config.json beside the file, which adapters need. */
  readonly config?: ConfigText | undefined;
  /** What becomes of entries that are no numbers; "error" unless told. */
  readonly nonFinite?: NonFinitePolicy | undefined;
}

export class ZooLibrary implements ExportableLibrary {
  readonly base: Checkpoint;
  /** The base as it is stored, for tensors that a merge leaves alone. */
  readonly baseFile: ModelFile;
  /** What data said about the experts, computed here or dropped as files. */
  readonly evidenceStore = new EvidenceStore();
  /** Experts that were trained here. */
  readonly trained: TrainedExperts;
  #files: FamilyFiles;
  readonly #zoo: ReadonlyMap<ExpertId, ExpertModel>;
  readonly #dropped: DroppedExperts;
  #layers: Promise<ReadonlyMap<string, LinearUse>> | undefined;

  /** Opens a family: reads the base, and experts' checkpoints when they are asked for. @throws AppError zoo/…, file/…, model/non-finite */
  static async open(
    files: FamilyFiles,
    kernels: Kernels,
    context: Context = quietContext,
  ): Promise<ZooLibrary> {
    const file = await files.open(files.family.base);
    return new ZooLibrary(files, await soundBase(file, files.nonFinite ?? "error", context), kernels);
  }

  private constructor(files: FamilyFiles, { file: baseFile, content, repair }: Sound, kernels: Kernels) {
    const { experts } = files.family;
    this.#files = files;
    this.baseFile = baseFile;
    this.base = remembering(fileCheckpoint(baseFile, content, kernels, undefined, repair));
    this.#zoo = new Map(
      experts.map((expert) => [expert.id, zooExpert(expert, { files, kernels, base: this.base, baseFile })]),
    );
    this.#dropped = new DroppedExperts({
      base: this.base,
      kernels,
      taskIds: () => this.#files.family.tasks.map((task) => task.id),
      isTaken: (expert) => this.#zoo.has(expert) || this.trained.has(expert),
    });
    this.trained = new TrainedExperts({
      base: this.base,
      kernels,
      taskIds: () => this.#files.family.tasks.map((task) => task.id),
      isTaken: (expert) => this.#zoo.has(expert) || this.#dropped.has(expert),
    });
  }

  get files(): FamilyFiles {
    return this.#files;
  }

  /** Takes the same family with other tasks; base and experts stay as they are. */
  retask(files: FamilyFiles): void {
    this.#files = files;
  }

  expert(id: ExpertId): ExpertModel | undefined {
    return this.#zoo.get(id) ?? this.#dropped.model(id) ?? this.trained.model(id);
  }

  /** Read from the family's graph once. */
  linearLayers(): Promise<ReadonlyMap<string, LinearUse>> {
    this.#layers ??= this.#readLayers();
    return this.#layers;
  }

  async #readLayers(): Promise<ReadonlyMap<string, LinearUse>> {
    const { skeleton } = this.files.family;
    const model = parseOnnx(await this.files.bytes(skeleton), skeleton);
    return new Map([...linearLayers(model)].map(([name, { use }]) => [name, use]));
  }

  evidence(id: ContentId): Evidence | undefined {
    return this.evidenceStore.get(id);
  }

  /**
   * Takes a dropped file as a checkpoint of a new or a known expert.
   *
   * @throws AppError model/…, file/…
   */
  async add(
    file: ModelFile,
    path: string,
    context: Context,
    { config, nonFinite }: AddOptions = {},
  ): Promise<ExpertCard> {
    const base = { file: this.baseFile, id: this.base.id };
    return this.#dropped.add(asExpert(file, base, config), path, context, nonFinite);
  }

  /** Takes a dropped file of evidence. @throws AppError file/malformed, model/no-base, model/shape-mismatch */
  addEvidence(file: ModelFile): Promise<EvidenceCard> {
    return this.evidenceStore.open(file, this.base);
  }

  /** Lets go of a dropped or trained expert; the zoo's own stay. */
  forget(id: ExpertId): void {
    this.#dropped.forget(id);
    this.trained.forget(id);
  }

  /** The file of a checkpoint that is a merge of ours; undefined for all others. */
  merged(id: ExpertId, step: number): MergedFile | undefined {
    return this.#dropped.merged(id, step);
  }

  madeOf(id: ExpertId, step: number): Provenance | undefined {
    return this.merged(id, step)?.made;
  }

  fileOf(id: ExpertId, step: number): string | undefined {
    const expert = this.card().experts.find((one) => one.id === id);
    return expert?.checkpoints.find((checkpoint) => checkpoint.step === step)?.file;
  }

  card(): LibraryCard {
    return libraryCard(this.files.family, this.base, [...this.#dropped.cards(), ...this.trained.cards()]);
  }
}
