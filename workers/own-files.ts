/** A family made of the user's files: sorted by name, read, and put together by core. */
import { areExamples } from "#core/data/array-pairs.ts";
import { type Dataset, datasetsOf } from "#core/data/dataset.ts";
import { readExampleFiles } from "#core/data/read-examples.ts";
import { AppError, isAppError } from "#core/errors.ts";
import { openModelFile } from "#core/formats/index.ts";
import type { ConfigText } from "#core/library/adapters.ts";
import { type OwnModel, ownFamily } from "#core/library/own-family.ts";
import { type DroppedModel, sortDrop } from "#core/library/sort-drop.ts";
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

async function openModel({ file, config }: DroppedModel<DroppedFile>): Promise<OwnModel> {
  return {
    path: file.path,
    file: await openModelFile(fileSource(file.file), file.path),
    config: await configText(config),
  };
}

/** The text of the adapter_config.json beside an adapter. */
export async function configText(config: DroppedFile | undefined): Promise<ConfigText | undefined> {
  if (!config) return undefined;
  const source = fileSource(config.file);
  const bytes = await source.read(0, source.size);
  return { file: config.path, text: new TextDecoder().decode(bytes) };
}
