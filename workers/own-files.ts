/** A family made of the user's files: sorted by name, read, and put together by core. */
import { areExamples } from "#core/data/array-pairs.ts";
import { type Dataset, datasetsOf } from "#core/data/dataset.ts";
import { readExampleFiles } from "#core/data/read-examples.ts";
import { AppError, isAppError } from "#core/errors.ts";
import type { ModelFile } from "#core/formats/format.ts";
import { openModelFile } from "#core/formats/index.ts";
import { openParts, openSharded } from "#core/formats/sharded.ts";
import type { ConfigText } from "#core/library/adapters.ts";
import { type OwnModel, ownFamily } from "#core/library/own-family.ts";
import { type DroppedModel, nameOf, sortDrop } from "#core/library/sort-drop.ts";
import type { FamilyFiles } from "#core/zoo.ts";
import { dataPlatform } from "./data-platform.ts";
import { fileSource } from "./file-source.ts";
import type { DroppedFile, OwnSource } from "./protocol/api.ts";

/** The split of own examples is the same in every session. */
export const SPLIT_SEED = 0;

/**
 * @param added tasks beside those whose examples are among the files
 * @throws AppError model/no-base, data/malformed, eval/graph, file/…
 */
export async function openOwnFiles(
  { base: path, files, options }: OwnSource,
  added: readonly Dataset[] = [],
): Promise<FamilyFiles> {
  const { models, ...sorted } = sortDrop(files);
  const data = [...sorted.data];
  const base = models.find(({ file }) => file.path === path);
  if (!base) throw new AppError("model/no-base", `There is no “${path}” among the files.`, { file: path });
  const candidates: OwnModel[] = [];
  for (const model of models) {
    if (model === base) continue;
    const opened = await openIfModel(model);
    if (opened && areExamples([...opened.file.tensors.keys()])) data.push(model.file);
    else if (opened) candidates.push(opened);
  }
  const sources = data.map(({ path: name, file }) => ({ path: name, source: fileSource(file) }));
  const own = datasetsOf(await readExampleFiles(sources, dataPlatform), SPLIT_SEED);
  const datasets = [...own, ...added];
  return ownFamily({ base: await openModel(base), candidates, datasets }, options);
}

/** What cannot be read as a model is told when it is opened as an expert. */
async function openIfModel(model: DroppedModel<DroppedFile>): Promise<OwnModel | undefined> {
  try {
    return await openModel(model);
  } catch (error) {
    if (isAppError(error)) return undefined;
    throw error;
  }
}

async function openModel(model: DroppedModel<DroppedFile>): Promise<OwnModel> {
  const { path, nonFinite } = model.file;
  return { path, nonFinite, file: await openDropped(model), config: await configText(model.config) };
}

/** Opens a model, which may come in several files. @throws AppError file/… */
export async function openDropped({ file, shards }: DroppedModel<DroppedFile>): Promise<ModelFile> {
  const open = (one: DroppedFile) => openModelFile(fileSource(one.file), one.path);
  if (!shards) return open(file);
  if (!shards.includes(file)) {
    return openSharded(file.path, await textOf(file), async (name) => {
      const shard = shards.find((one) => nameOf(one) === name);
      return shard && open(shard);
    });
  }
  const parts = new Map<string, ModelFile>();
  for (const shard of shards) parts.set(nameOf(shard), await open(shard));
  return openParts(file.path, parts);
}

/** The text of the adapter_config.json beside an adapter. */
export async function configText(config: DroppedFile | undefined): Promise<ConfigText | undefined> {
  return config && { file: config.path, text: await textOf(config) };
}

async function textOf({ file }: DroppedFile): Promise<string> {
  const source = fileSource(file);
  return new TextDecoder().decode(await source.read(0, source.size));
}
