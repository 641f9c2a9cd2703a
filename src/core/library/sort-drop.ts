/** Sorts dropped files by what their names say that they are; contents are looked at later. */
import { partOf } from "../formats/sharded.ts";

/** Anything with a path: "model.safetensors", or "runs/checkpoint-20/adapter_model.safetensors". */
export interface Named {
  readonly path: string;
}

export interface SortedDrop<T extends Named> {
  /** Files with weights, and files of no known kind, so that somebody says what they are. */
  readonly models: readonly DroppedModel<T>[];
  /** Recipes of ours. */
  readonly recipes: readonly T[];
  /** Examples. */
  readonly data: readonly T[];
  /** What training tools leave beside a model, and what nobody needs to be told of. */
  readonly ignored: readonly T[];
}

export interface DroppedModel<T extends Named> {
  readonly file: T;
  /** The adapter_config.json of its folder. */
  readonly config?: T;
  /** The parts of a model in several files that were found; `file` is their index or, without one, their first. */
  readonly shards?: readonly T[];
}

const CONFIG = "adapter_config.json";
const WEIGHTS = /\.(safetensors|onnx)$/i;
const DATA = /\.(npy|npz|csv|tsv|jsonl|ndjson|png|jpe?g|webp|gif|bmp)$|[-.]idx[123]-ubyte(\.gz)?$/i;
const RECIPE = /\.(json|kintsugi|ya?ml)$/i;
/** By name, what stands beside models and examples. */
const BESIDE =
  /^(config|generation_config|preprocessor_config|special_tokens_map|added_tokens|tokenizer(_config)?|vocab|trainer_state|all_results|(train|eval)_results|training_args)\.json$|^(optimizer|scheduler|scaler|rng_state(_\d+)?)\.(pt|pth|bin)$|^training_args\.bin$|^(merges|vocab)\.txt$|^(README|LICENSE)/i;
/** Says which of several files holds which tensor. */
const INDEX = /^(.*)\.safetensors\.index\.json$/i;
/** Notes lie about in folders; one that was picked by itself is answered. */
const NOTES = /\/[^/]+\.(md|txt|log|lock)$/i;

/** Sorts files, each kind in the order given. */
export function sortDrop<T extends Named>(files: readonly T[]): SortedDrop<T> {
  const configs = new Map(
    files.filter((file) => nameOf(file) === CONFIG).map((file) => [folderOf(file), file]),
  );
  const sharded = shardsOf(files);
  const hasContent = files.some(({ path }) => WEIGHTS.test(path) || DATA.test(path));
  const models: DroppedModel<T>[] = [];
  const recipes: T[] = [];
  const data: T[] = [];
  const ignored: T[] = [];
  for (const file of files) {
    const name = nameOf(file);
    const config = configs.get(folderOf(file));
    const shards = sharded.heads.get(file);
    if (shards) models.push({ file, shards });
    else if (sharded.parts.has(file)) continue;
    else if (WEIGHTS.test(name)) models.push({ file, ...(config && { config }) });
    else if (DATA.test(name)) data.push(file);
    else if (name.startsWith(".") || (hasContent && isBeside(file.path))) ignored.push(file);
    else if (RECIPE.test(name) && name !== CONFIG) recipes.push(file);
    else models.push({ file });
  }
  return { models, recipes, data, ignored };
}

/** Models in several files by their index or, without one, their first part; and all parts, which are no models themselves. */
function shardsOf<T extends Named>(
  files: readonly T[],
): { readonly heads: ReadonlyMap<T, readonly T[]>; readonly parts: ReadonlySet<T> } {
  const groups = new Map<string, T[]>();
  const parts = new Set<T>();
  for (const file of files) {
    const part = partOf(nameOf(file));
    if (!part) continue;
    const key = `${folderOf(file)}/${part.stem}`;
    groups.set(key, [...(groups.get(key) ?? []), file]);
    parts.add(file);
  }
  const heads = new Map<T, readonly T[]>();
  const indexed = new Set<string>();
  for (const file of files) {
    const stem = INDEX.exec(nameOf(file))?.[1];
    if (stem === undefined) continue;
    const key = `${folderOf(file)}/${stem}`;
    heads.set(file, groups.get(key) ?? []);
    indexed.add(key);
  }
  const numberOf = (file: T) => partOf(nameOf(file))?.number ?? 0;
  for (const [key, group] of groups) {
    if (indexed.has(key)) continue;
    const sorted = group.toSorted((a, b) => numberOf(a) - numberOf(b));
    heads.set(sorted[0]!, sorted);
  }
  return { heads, parts };
}

function isBeside(path: string): boolean {
  const name = nameOf({ path });
  return name === CONFIG || BESIDE.test(name) || NOTES.test(path);
}

/** The file's own name, without its folders. */
export function nameOf({ path }: Named): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

function folderOf({ path }: Named): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}
