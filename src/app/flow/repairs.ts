/**
 * Files with entries that are no numbers: the user says what stands in for them, or leaves the file out. The files wait
 * here; notices name the offer.
 */
import { isAppError } from "#core/errors.ts";
import { nonFiniteReport } from "#core/library/non-finite-report.ts";
import { type DroppedModel, sortDrop } from "#core/library/sort-drop.ts";
import { type RepairPolicy, repairPolicies } from "#core/recipe/repair.ts";
import type { DroppedFile, OwnSource } from "#workers/protocol/api.ts";
import type { NoticeAction } from "../slices/library.ts";
import type { AppStore } from "../store.ts";
import { keepOffer } from "./own.ts";

const CODE = "model/non-finite";

const offers = new Map<number, DroppedModel<DroppedFile>>();
let last = 0;

/** Why a file was refused. */
export interface Refusal {
  readonly file: string;
  readonly code: string;
  readonly message: string;
  readonly details: unknown;
}

/** Asks what stands in for the entries of an expert; false when it was refused for something else. */
export function offerRepair(
  store: AppStore,
  files: readonly DroppedFile[],
  { file, code, message, details }: Refusal,
): boolean {
  const model = sortDrop(files).models.find((one) => one.file.path === file);
  const report = nonFiniteReport(details);
  if (code !== CODE || !model || !report) return false;
  offers.set(++last, model);
  const offer = last;
  const choices = repairPolicies.toReversed().map((by): NoticeAction => ({ kind: "repair", offer, by }));
  store.getState().notify({
    kind: "offer",
    code: CODE,
    message,
    report,
    subject: file,
    actions: [...choices, { kind: "leave-out" }],
  });
  return true;
}

/** The same of the user's own base, or of a head that no base has: only 0 can stand in. False for other errors. */
export function offerOwnRepair(store: AppStore, source: OwnSource, error: unknown): boolean {
  if (!isAppError(error) || error.code !== CODE) return false;
  const { details, message } = error;
  const report = nonFiniteReport(details);
  const file = source.files.find(({ path }) => path === details.file);
  if (!report || !file || file.nonFinite !== undefined) return false;
  const files = source.files.map((one) => (one === file ? { ...one, nonFinite: "zero" as const } : one));
  const offer = keepOffer({ ...source, files });
  store.getState().notify({
    kind: "offer",
    code: CODE,
    message,
    report,
    subject: file.path,
    actions: [{ kind: "open-own", offer, by: "zero" }, { kind: "leave-out" }],
  });
  return true;
}

/** The files of an offer, to be opened with this policy; undefined when there is none. */
export function takeRepair(offer: number, by: RepairPolicy): readonly DroppedFile[] | undefined {
  const model = offers.get(offer);
  return model && filesOf(model, by);
}

/** The files that a checkpoint was opened from, to be opened with another policy; undefined when they are not here. */
export function againWith(
  dropped: readonly DroppedFile[],
  path: string,
  by: RepairPolicy,
): readonly DroppedFile[] | undefined {
  const model = sortDrop(dropped).models.find(({ file }) => file.path === path);
  return model && filesOf(model, by);
}

/** Dropped files with those that were decided on in place of what was refused. */
export function withDecided(
  dropped: readonly DroppedFile[],
  decided: readonly DroppedFile[],
): readonly DroppedFile[] {
  const isReplaced = ({ file, nonFinite }: DroppedFile) =>
    nonFinite === undefined && decided.some((one) => one.file === file);
  const isKnown = ({ file, nonFinite }: DroppedFile) =>
    dropped.some((one) => one.file === file && one.nonFinite === nonFinite && nonFinite !== undefined);
  return [...dropped.filter((one) => !isReplaced(one)), ...decided.filter((one) => !isKnown(one))];
}

function filesOf(
  { file, config, shards = [] }: DroppedModel<DroppedFile>,
  by: RepairPolicy,
): readonly DroppedFile[] {
  const decided = { ...file, nonFinite: by };
  return [decided, ...(config ? [config] : []), ...shards.filter((shard) => shard !== file)];
}
