/** Sorts dropped files by what their names say that they are; contents are looked at later. */

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
}

const CONFIG = "adapter_config.json";
const WEIGHTS = /\.(safetensors|onnx)$/i;
const DATA = /\.(npy|npz|csv|tsv|jsonl|ndjson|png|jpe?g|webp|gif|bmp)$|[-.]idx[123]-ubyte(\.gz)?$/i;
const RECIPE = /\.(json|kintsugi|ya?ml)$/i;
/** By name, what stands beside models and examples. */
const BESIDE =
  /^(config|generation_config|preprocessor_config|special_tokens_map|added_tokens|tokenizer(_config)?|vocab|trainer_state|all_results|(train|eval)_results|training_args|model\.safetensors\.index)\.json$|^(optimizer|scheduler|scaler|rng_state(_\d+)?)\.(pt|pth|bin)$|^training_args\.bin$|^(merges|vocab)\.txt$|^(README|LICENSE)/i;
/** Notes lie about in folders; one that was picked by itself is answered. */
const NOTES = /\/[^/]+\.(md|txt|log|lock)$/i;

/** Sorts files, each kind in the order given. */
export function sortDrop<T extends Named>(files: readonly T[]): SortedDrop<T> {
  const configs = new Map(
    files.filter((file) => nameOf(file) === CONFIG).map((file) => [folderOf(file), file]),
  );
  const hasContent = files.some(({ path }) => WEIGHTS.test(path) || DATA.test(path));
  const models: DroppedModel<T>[] = [];
  const recipes: T[] = [];
  const data: T[] = [];
  const ignored: T[] = [];
  for (const file of files) {
    const name = nameOf(file);
    const config = configs.get(folderOf(file));
    if (WEIGHTS.test(name)) models.push({ file, ...(config && { config }) });
    else if (DATA.test(name)) data.push(file);
    else if (name.startsWith(".") || (hasContent && isBeside(file.path))) ignored.push(file);
    else if (RECIPE.test(name) && name !== CONFIG) recipes.push(file);
    else models.push({ file });
  }
  return { models, recipes, data, ignored };
}

function isBeside(path: string): boolean {
  const name = nameOf({ path });
  return name === CONFIG || BESIDE.test(name) || NOTES.test(path);
}

function nameOf({ path }: Named): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

function folderOf({ path }: Named): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}
