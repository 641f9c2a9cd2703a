/** What was made here and is kept in the browser's private storage, as the page sees it. Types only. */
import type { EvidenceAbout } from "#core/model/evidence.ts";
import type { ContentId, ExpertId } from "#core/recipe/schema.ts";
import type { EvidenceCard, ExpertCard } from "#core/summary.ts";

interface Stored {
  /** Names of its files: what deleting it takes. */
  readonly keys: readonly string[];
  readonly bytes: number;
  /** Milliseconds since 1970, of its newest file. */
  readonly savedAt: number;
}

/** An expert that was trained here, with all its checkpoints. */
export interface KeptExpert extends Stored {
  readonly kind: "expert";
  /** The training that made it. */
  readonly run: string;
  readonly base: ContentId;
  readonly expert: ExpertId;
  readonly label: string;
  /** Ascending. */
  readonly steps: readonly number[];
}

/** What was measured here. */
export interface KeptMeasurement extends Stored {
  readonly kind: "evidence";
  readonly base: ContentId;
  readonly id: ContentId;
  readonly about: EvidenceAbout;
}

/** A file that is none of ours, or of another version: it is left alone, and can be deleted. */
export interface Unreadable extends Stored {
  readonly kind: "unreadable";
}

export type KeptThing = KeptExpert | KeptMeasurement | Unreadable;

/** What came back for the open base. */
export interface Restored {
  readonly experts: readonly ExpertCard[];
  readonly evidence: readonly EvidenceCard[];
  /** Names of files that were left out: their content is not what it was, or does not fit the base. */
  readonly damaged: readonly string[];
}
