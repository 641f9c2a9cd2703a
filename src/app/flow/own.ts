/** Offers to open dropped files as a family of their own. The files wait here; the notice names the offer. */
import { isAppError } from "#core/errors.ts";
import { sortDrop } from "#core/library/sort-drop.ts";
import type { ContentId } from "#core/recipe/schema.ts";
import { OWN_FAMILY } from "#core/zoo.ts";
import type { DroppedFile, FamilySource, OwnSource } from "#workers/protocol/api.ts";
import type { AppStore } from "../store.ts";

/** The user's own files, with the tasks that were added to them. */
export type OwnFamily = Exclude<FamilySource, string>;

const offers = new Map<number, OwnSource>();
let last = 0;

/** A name that speaks for the model that others were fine-tuned from. */
const BASE_NAME = /(^|[^a-z])(base|pretrained|initial|init|foundation)([^a-z]|$)/i;

/**
 * Asks whether the files should be opened as a family of their own; false when none of them can be a base.
 *
 * @param reason why they are no experts of the open one
 */
export function offerOwn(store: AppStore, files: readonly DroppedFile[], reason: string): boolean {
  const base = baseOf(files);
  if (base === undefined) return false;
  const offer = keepOffer({ id: "", base, files, options: {} });
  store.getState().notify({
    kind: "offer",
    code: "own/offer",
    message: reason,
    subject: base,
    actions: [{ kind: "open-own", offer }],
  });
  return true;
}

/** Asks for the output where several could hold the class scores; false when the error says something else. */
export function offerOutputs(store: AppStore, source: OwnSource, error: unknown): boolean {
  const outputs = isAppError(error) ? error.details.outputs : undefined;
  if (!Array.isArray(outputs) || !isAppError(error) || outputs.length === 0) return false;
  const offer = keepOffer(source);
  store.getState().notify({
    kind: "offer",
    code: "own/outputs",
    message: error.message,
    subject: source.base,
    actions: outputs.map((logits: string) => ({ kind: "open-own" as const, offer, logits })),
  });
  return true;
}

/** The files of an offer, ready to be opened; undefined when there is none. */
export function takeOffer(offer: number, logits?: string): OwnSource | undefined {
  const source = offers.get(offer);
  return source && { ...source, ...fresh(), options: { ...source.options, ...(logits && { logits }) } };
}

/** What a family of the user's own files was made of, without the tasks that were added to it; undefined for a zoo's. */
export function ownOf(source: FamilySource): OwnSource | undefined {
  if (typeof source === "string") return undefined;
  if (!("family" in source)) return source;
  return typeof source.family === "string" ? undefined : source.family;
}

/** Names what can be opened again: own files by their base's content, a zoo's family by its id. */
export function keyOf(source: FamilySource, base: ContentId, family: string): string {
  return ownOf(source) ? ownKey(base) : family;
}

export function ownKey(base: ContentId): string {
  return `${OWN_FAMILY}:${base}`;
}

/** What an own family's files hold beside its base and its examples. */
export function expertsOf(source: OwnFamily): readonly DroppedFile[] {
  const { base, files = [] } = ownOf(source) ?? {};
  const { data, models } = sortDrop(files);
  const own = models.find(({ file }) => file.path === base);
  const others = new Set([...data, ...(own ? [own.file, ...(own.shards ?? [])] : [])]);
  return files.filter((file) => !others.has(file));
}

/** The family with more files: it is read anew as a whole, so that heads and examples find each other. */
export function withFiles(source: OwnFamily, files: readonly DroppedFile[]): OwnFamily {
  if (!("family" in source)) return withOwnFiles(source, files);
  const { family } = source;
  return typeof family === "string" ? source : { ...source, ...fresh(), family: withOwnFiles(family, files) };
}

/** Own files with more of them. */
export function withOwnFiles(source: OwnSource, files: readonly DroppedFile[]): OwnSource {
  const paths = new Set(files.map(({ path }) => path));
  return {
    ...source,
    ...fresh(),
    files: [...source.files.filter(({ path }) => !paths.has(path)), ...files],
  };
}

/**
 * The file to take as base: a graph before bare weights, one whose name says so before others; undefined without any.
 */
export function baseOf(files: readonly DroppedFile[]): string | undefined {
  const models = sortDrop(files).models.map(({ file }) => file.path);
  const graphs = models.filter((path) => /\.onnx$/i.test(path));
  const candidates = graphs.length > 0 ? graphs : models.filter((path) => !/adapter_model/i.test(path));
  return candidates.find((path) => BASE_NAME.test(path)) ?? candidates[0];
}

/** Has the files wait until the offer is taken. */
export function keepOffer(source: OwnSource): number {
  offers.set(++last, source);
  return last;
}

function fresh(): { readonly id: string } {
  return { id: `own:${++last}` };
}
