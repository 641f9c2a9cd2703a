/** All evidence of a session, by content. */
import { AppError } from "../errors.ts";
import { clip, showShape } from "../formats/file-error.ts";
import type { ModelFile } from "../formats/format.ts";
import type { EvidenceAbout } from "../model/evidence.ts";
import type { Checkpoint } from "../model/library.ts";
import type { ContentId } from "../recipe/schema.ts";
import type { EvidenceCard } from "../summary.ts";
import { readEvidence } from "./file.ts";
import { fits } from "./fit.ts";
import { type EvidenceTensor, type KeptEvidence, keepEvidence } from "./kept.ts";

export class EvidenceStore {
  readonly #kept = new Map<ContentId, KeptEvidence>();

  get(id: ContentId): KeptEvidence | undefined {
    return this.#kept.get(id);
  }

  /** Keeps what was computed; the same again changes nothing. @throws AppError model/non-finite */
  add(about: EvidenceAbout, tensors: Iterable<EvidenceTensor>): EvidenceCard {
    return this.#keep(keepEvidence(about, finite(tensors)));
  }

  /** Reads a file of evidence over this base. @throws AppError file/malformed, model/no-base, model/shape-mismatch */
  async open(file: ModelFile, base: Checkpoint): Promise<EvidenceCard> {
    const evidence = await readEvidence(file);
    requireFit(evidence, base, file.name);
    return this.#keep(evidence);
  }

  forget(id: ContentId): void {
    this.#kept.delete(id);
  }

  /** In the order in which they came. */
  cards(): readonly EvidenceCard[] {
    return [...this.#kept.values()].map(card);
  }

  #keep(evidence: KeptEvidence): EvidenceCard {
    this.#kept.set(evidence.id, this.#kept.get(evidence.id) ?? evidence);
    return card(evidence);
  }
}

/** The tensors as they are, so long as they hold numbers: no file of others could be opened again. */
function* finite(tensors: Iterable<EvidenceTensor>): Generator<EvidenceTensor> {
  for (const tensor of tensors) {
    const first = tensor.values.findIndex((value) => !Number.isFinite(value));
    if (first >= 0) {
      const message = `What was measured of ${tensor.name} is NaN or infinite at index ${first}: gradients this large have no use. Take a checkpoint from before training diverged.`;
      throw new AppError("model/non-finite", message, { tensor: tensor.name, first });
    }
    yield tensor;
  }
}

function card({ id, about, tensors, byteLength, density }: KeptEvidence): EvidenceCard {
  return {
    id,
    about,
    tensors: tensors.size,
    bytes: byteLength,
    ...(density === undefined ? {} : { density }),
  };
}

function requireFit({ about, tensors }: KeptEvidence, base: Checkpoint, file: string): void {
  if (about.base !== base.id) {
    const message = `“${clip(file)}” was measured over another base. Open the family that it belongs to.`;
    throw new AppError("model/no-base", message, { file: clip(file), expected: about.base, open: base.id });
  }
  for (const spec of tensors.values()) {
    const weight = base.tensors.get(spec.name);
    if (weight && fits(about.kind, spec, weight)) continue;
    const has = weight ? showShape(weight.shape) : "no such tensor";
    throw new AppError(
      "model/shape-mismatch",
      `“${clip(file)}” speaks of ${clip(spec.name)} as ${showShape(spec.shape)}; the base has ${has}. Measure it again over this base.`,
      { file: clip(file), count: 1, tensors: [clip(spec.name)] },
    );
  }
}
