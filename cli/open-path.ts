/** A model behind a path: a file, or a folder as training tools leave them. */
import { readdir, readFile, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { AppError } from "#core/errors.ts";
import type { ModelFile } from "#core/formats/format.ts";
import { openModelFile } from "#core/formats/index.ts";
import { openSharded } from "#core/formats/sharded.ts";
import type { ConfigText } from "#core/library/adapters.ts";
import { type OpenFiles, unreadable } from "./file-source.ts";

export interface OpenedPath {
  /** As names are told: the file, with its folder where a folder was given. */
  readonly path: string;
  readonly file: ModelFile;
  /** The adapter_config.json beside an adapter. */
  readonly config: ConfigText | undefined;
}

const CONFIG = "adapter_config.json";
const INDEX = /\.safetensors\.index\.json$/i;

/** @throws AppError file/… */
export async function openPath(path: string, files: OpenFiles): Promise<OpenedPath> {
  const isFolder = (await statOf(path)).isDirectory();
  const found = isFolder ? join(path, await modelIn(path)) : path;
  const name = isFolder ? join(basename(path), basename(found)) : basename(found);
  const file = INDEX.test(found)
    ? await openSharded(name, await textOf(found), async (shard) =>
        openModelFile(await files.source(join(dirname(found), shard)), shard),
      )
    : await openModelFile(await files.source(found), name);
  return { path: name, file, config: await configBeside(found) };
}

/** The one model of a folder. @throws AppError file/unreadable that lists what is there */
async function modelIn(folder: string): Promise<string> {
  const names = await readdir(folder);
  for (const usual of ["adapter_model.safetensors", "model.safetensors.index.json", "model.safetensors"]) {
    if (names.includes(usual)) return usual;
  }
  const candidates = names.filter((name) => /\.(safetensors|onnx)$/i.test(name));
  const [only, ...more] = candidates;
  if (only !== undefined && more.length === 0) return only;
  const what =
    only === undefined
      ? "no model in a format that is read here (.safetensors, .onnx)"
      : `${candidates.length} models (${candidates.slice(0, 4).join(", ")}): name one of the files`;
  throw new AppError("file/unreadable", `${folder} holds ${what}.`, { file: folder });
}

async function configBeside(path: string): Promise<ConfigText | undefined> {
  const file = join(dirname(path), CONFIG);
  try {
    return { file: CONFIG, text: await readFile(file, "utf8") };
  } catch {
    return undefined; // whole models have none; an adapter without one is told by core
  }
}

async function statOf(path: string) {
  return stat(path).catch((error: unknown) => {
    throw unreadable(path, error);
  });
}

/** @throws AppError file/unreadable */
export async function textOf(path: string): Promise<string> {
  return readFile(path, "utf8").catch((error: unknown) => {
    throw unreadable(path, error);
  });
}
