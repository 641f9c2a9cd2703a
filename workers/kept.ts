/**
 * What was made here, kept beyond the page: trained experts, checkpoint by checkpoint, and measurements. Nothing that the
 * user dropped is among it.
 */
import { quietContext } from "#core/context.ts";
import { type AppError, isAppError } from "#core/errors.ts";
import { evidenceHeader, writeEvidence } from "#core/evidence/file.ts";
import type { EvidenceTensor } from "#core/evidence/kept.ts";
import type { TrainedCheckpoint } from "#core/library/trained-experts.ts";
import { readTrained, type TrainedAbout, trainedAbout, writeTrained } from "#core/library/trained-file.ts";
import type { ZooLibrary } from "#core/library/zoo-library.ts";
import type { EvidenceAbout } from "#core/model/evidence.ts";
import type { ContentId, ExpertId } from "#core/recipe/schema.ts";
import type { EvidenceCard, ExpertCard } from "#core/summary.ts";
import { type KeptFile, KeptFiles } from "./kept-files.ts";
import type { KeptThing, Restored } from "./protocol/kept.ts";

/** Hears of everything that was stored or deleted, or of why it could not be. */
export type OnKept = (failure?: AppError) => void;

export class KeptWork {
  readonly #files: KeptFiles;
  readonly #lock: string;
  readonly #onChange: OnKept;
  /** Evidence of the session that was computed here, not dropped. */
  readonly #made = new Set<ContentId>();
  #isKeeping = false;

  constructor(onChange: OnKept, folder = "kept") {
    this.#files = new KeptFiles(folder);
    this.#lock = `kintsugi-names-${folder}`;
    this.#onChange = onChange;
  }

  /** All that is kept, of every base, oldest first. @throws AppError storage/unavailable */
  async list(): Promise<readonly KeptThing[]> {
    const things = new Map<string, KeptThing>();
    for (const { key, bytes, modified, header } of await this.#files.list()) {
      const said = saysOf(header);
      const name = said?.kind === "expert" ? said.about.run : key;
      const known = things.get(name);
      const stored = {
        keys: [...(known?.keys ?? []), key],
        bytes: bytes + (known?.bytes ?? 0),
        savedAt: modified,
      };
      if (said?.kind === "expert") {
        const { run, expert, label, base, step } = said.about;
        const steps = known?.kind === "expert" ? known.steps : [];
        const all = [...steps, step].sort((a, b) => a - b);
        things.set(name, { kind: "expert", run, expert, label, base, steps: all, ...stored });
      } else if (said) {
        const { id, about } = said;
        things.set(name, { kind: "evidence", base: about.base, id, about, ...stored });
      } else {
        things.set(name, { kind: "unreadable", ...stored });
      }
    }
    return [...things.values()];
  }

  /** Takes everything of the library's base into it. What is damaged is left out and named. @throws AppError storage/unavailable */
  async restore(library: ZooLibrary): Promise<Restored> {
    const evidence: EvidenceCard[] = [];
    const damaged: string[] = [];
    for (const { key, header } of await this.#files.list()) {
      const said = saysOf(header);
      if (said?.about.base !== library.base.id) continue;
      try {
        const file = await this.#files.read(key);
        if (!file) continue;
        if (said.kind === "expert") library.trained.restore(await readTrained(file));
        else evidence.push(await this.#restoreEvidence(library, file));
      } catch (error) {
        if (!isAppError(error)) throw error;
        damaged.push(key);
      }
    }
    return { experts: library.trained.cards(), evidence, damaged };
  }

  /** Keeps what is made from now on, and what this session has made already; or nothing more. */
  async setKeeping(isKeeping: boolean, library: ZooLibrary | undefined): Promise<void> {
    const isNew = isKeeping && !this.#isKeeping;
    this.#isKeeping = isKeeping;
    if (!isNew || !library) return;
    for (const record of library.trained.records()) {
      await this.#keep(writeTrained(record, library.base.tensors));
    }
    for (const id of this.#made) await this.#keepEvidence(library, id);
  }

  /** Takes a checkpoint into the library and keeps it. No other kept expert of this base has its id. @throws AppError model/… */
  async addTrained(library: ZooLibrary, made: TrainedCheckpoint): Promise<ExpertCard> {
    const { trained, base } = library;
    const take = async (reserved: ReadonlySet<ExpertId>) => {
      const card = await trained.add(made, quietContext, (id) => reserved.has(id));
      const record = trained.records(made.run).find(({ about }) => about.step === made.step);
      if (record) await this.#keep(writeTrained(record, base.tensors));
      return card;
    };
    if (trained.hasRun(made.run)) return take(new Set());
    // Two windows may begin an expert of the same name at once.
    return navigator.locks.request(this.#lock, async () => take(await this.#idsOfOthers(base.id, made.run)));
  }

  /** Takes what was computed into the library and keeps it. @throws AppError model/non-finite */
  async addEvidence(
    library: ZooLibrary,
    about: EvidenceAbout,
    tensors: Iterable<EvidenceTensor>,
  ): Promise<EvidenceCard> {
    const card = library.evidenceStore.add(about, tensors);
    this.#made.add(card.id);
    await this.#keepEvidence(library, card.id);
    return card;
  }

  /** Deletes what is kept of an expert over this base. */
  forgetExpert(base: ContentId, expert: ExpertId): Promise<void> {
    return this.#forget((said) => said.kind === "expert" && isOf(said.about, base, expert));
  }

  /** Deletes what is kept of a measurement. */
  forgetEvidence(id: ContentId): Promise<void> {
    this.#made.delete(id);
    return this.#forget((said) => said.kind === "evidence" && said.id === id);
  }

  /** Deletes files; what is open stays open. @throws AppError storage/unavailable */
  async remove(keys: readonly string[]): Promise<void> {
    await this.#files.remove(keys);
    this.#onChange();
  }

  /** Deletes everything, also what is no file of ours. @throws AppError storage/unavailable */
  async clear(): Promise<void> {
    await this.#files.clear();
    this.#onChange();
  }

  async #restoreEvidence(library: ZooLibrary, file: Header): Promise<EvidenceCard> {
    const card = await library.addEvidence(file);
    this.#made.add(card.id);
    return card;
  }

  async #keepEvidence({ evidenceStore }: ZooLibrary, id: ContentId): Promise<void> {
    const evidence = evidenceStore.get(id);
    if (evidence) await this.#keep(writeEvidence(evidence));
  }

  /** What cannot be kept is told, and goes on. */
  async #keep(pieces: AsyncIterable<Uint8Array<ArrayBuffer>>): Promise<void> {
    if (this.#isKeeping) await this.#told(async () => void (await this.#files.put(pieces)));
  }

  #forget(isIt: (said: Says) => boolean): Promise<void> {
    return this.#told(async () => {
      const files = (await this.#files.list()).filter(({ header }) => {
        const said = saysOf(header);
        return said !== undefined && isIt(said);
      });
      await this.#files.remove(files.map(({ key }) => key));
    });
  }

  async #told(work: () => Promise<void>): Promise<void> {
    try {
      await work();
      this.#onChange();
    } catch (error) {
      if (!isAppError(error)) throw error;
      this.#onChange(error);
    }
  }

  /** Of experts that other trainings have made and that are kept; without storage there are none. */
  async #idsOfOthers(base: ContentId, run: string): Promise<ReadonlySet<ExpertId>> {
    try {
      const things = await this.list();
      return new Set(
        things.flatMap((thing) =>
          thing.kind === "expert" && thing.base === base && thing.run !== run ? [thing.expert] : [],
        ),
      );
    } catch {
      return new Set();
    }
  }
}

type Header = NonNullable<KeptFile["header"]>;

/** What a file's header says of it. */
type Says =
  | { readonly kind: "expert"; readonly about: TrainedAbout }
  | { readonly kind: "evidence"; readonly about: EvidenceAbout; readonly id: ContentId };

function saysOf(header: Header | undefined): Says | undefined {
  if (!header) return undefined;
  const about = trainedAbout(header);
  if (about) return { kind: "expert", about };
  const evidence = evidenceHeader(header);
  return evidence && { kind: "evidence", ...evidence };
}

function isOf(about: TrainedAbout, base: ContentId, expert: ExpertId): boolean {
  return about.base === base && about.expert === expert;
}
