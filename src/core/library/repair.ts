/**
 * A model whose NaNs and infinities are replaced as it is read: another content, and so another model, than its file.
 *
 * Tensors in which something is replaced become f32, so that the base's own entries come through exactly whatever the
 * file stores: a task vector is 0 there, and nothing overflows a 16-bit type.
 */
import type { Context } from "../context.ts";
import { type ModelFile, piecesOf } from "../formats/format.ts";
import { type Content, ContentHasher, contentOf, digestOf, type NewHash } from "../model/content-id.ts";
import type { Checkpoint } from "../model/library.ts";
import { type Repair, type RepairPolicy, repairPolicies } from "../recipe/repair.ts";
import { encode, isFloat } from "../tensor/dtype.ts";
import type { TensorSpec } from "../tensor/tensor.ts";
import { touches } from "./adapters.ts";
import type { AdapterFile } from "./file-checkpoint.ts";
import { type NonFinite, NonFiniteCount, nonFiniteError, totalOf } from "./non-finite.ts";

/** What becomes of an entry that is no number: the file is refused, or the entry becomes 0, or the base's own. */
export const nonFinitePolicies = ["error", ...repairPolicies] as const;
export type NonFinitePolicy = (typeof nonFinitePolicies)[number];

/** A model that has been read whole, and is sound. */
export interface Sound {
  readonly file: ModelFile | AdapterFile;
  readonly content: Content;
  /** Absent where the file is as it was. */
  readonly repair?: Repair;
}

/**
 * Reads an expert's file whole, once, and replaces what is no number in the tensors that a merge would read.
 *
 * @throws AppError model/non-finite under "error"
 */
export async function soundExpert(
  file: ModelFile | AdapterFile,
  base: Pick<Checkpoint, "tensors" | "load">,
  policy: NonFinitePolicy,
  context: Context,
  newHash?: NewHash,
): Promise<Sound> {
  const isRead = ({ name, dtype }: TensorSpec) =>
    base.tensors.has(name) && isFloat(dtype) && touches(file, name);
  const { content, found } = await survey(file, isRead, context, newHash);
  if (found.size === 0) return { file, content };
  if (policy === "error") throw nonFiniteError(file.name, found);
  return repaired(file, content, found, policy, (name) => base.load(name), newHash);
}

/**
 * Reads a base's file whole, once. It has nobody's entries to take in place of its own, so "base" refuses like "error".
 *
 * @throws AppError model/non-finite
 */
export async function soundBase(
  file: ModelFile,
  policy: NonFinitePolicy,
  context: Context,
  newHash?: NewHash,
): Promise<Sound> {
  const { content, found } = await survey(file, ({ dtype }) => isFloat(dtype), context, newHash);
  if (found.size === 0) return { file, content };
  if (policy !== "zero") throw nonFiniteError(file.name, found, BASE_ADVICE);
  return repaired(file, content, found, policy, undefined, newHash);
}

const BASE_ADVICE =
  "Every expert is compared with the base: take a sound copy, or have these entries set to 0.";

/** The file with 0, or the base's entries, in place of what is no number in these tensors. */
function replaced(
  file: ModelFile | AdapterFile,
  names: ReadonlyMap<string, unknown>,
  base: ((name: string) => Promise<Float32Array>) | undefined,
): ModelFile | AdapterFile {
  const tensors = new Map(file.tensors);
  for (const name of names.keys()) tensors.set(name, { ...file.tensors.get(name)!, dtype: "f32" });

  async function load(name: string): Promise<Float32Array<ArrayBuffer>> {
    const values = await file.load(name);
    if (!names.has(name)) return values;
    const others = await base?.(name);
    for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) values[i] = others?.[i] ?? 0;
    return values;
  }

  const bytes = async (name: string) =>
    names.has(name) ? encode(await load(name), "f32").bytes : file.bytes(name);

  return {
    ...file,
    tensors,
    load,
    bytes,
    async *pieces(name) {
      if (names.has(name)) yield await bytes(name);
      else yield* piecesOf(file, name);
    },
    // What a few factors make cannot be mended in them.
    ...("factors" in file && {
      factors: async (name: string) => (names.has(name) ? undefined : file.factors?.(name)),
    }),
  };
}

async function repaired(
  file: ModelFile | AdapterFile,
  content: Content,
  found: ReadonlyMap<string, NonFinite>,
  by: RepairPolicy,
  base: ((name: string) => Promise<Float32Array>) | undefined,
  newHash: NewHash | undefined,
): Promise<Sound> {
  const sound = replaced(file, found, by === "base" ? base : undefined);
  const hasher = new ContentHasher();
  for (const spec of sound.tensors.values()) {
    const digest = found.has(spec.name)
      ? digestOf(await sound.bytes(spec.name), newHash)
      : content.digests.get(spec.name)!;
    hasher.addDigest(spec, digest);
  }
  const repair = { by, from: content.id, tensors: found.size, ...totalOf(found) };
  return { file: sound, content: hasher.content(), repair };
}

/** The content of a file and what in it is no number; every tensor is read once. */
async function survey(
  file: ModelFile,
  isRead: (spec: TensorSpec) => boolean,
  context: Context,
  newHash: NewHash | undefined,
): Promise<{ readonly content: Content; readonly found: ReadonlyMap<string, NonFinite> }> {
  const found = new Map<string, NonFinite>();
  async function* pieces(name: string) {
    const spec = file.tensors.get(name)!;
    const count = isRead(spec) ? new NonFiniteCount(spec.dtype) : undefined;
    for await (const piece of piecesOf(file, name)) {
      count?.add(piece);
      yield piece;
    }
    const bad = count?.found();
    if (bad) found.set(name, bad);
  }
  return { content: await contentOf({ ...file, pieces }, context, newHash), found };
}
