/** A recipe with the models that it is about: whatever the form of the one and the place of the others. */
import { existsSync } from "node:fs";
import { dirname, isAbsolute, join } from "node:path";
import type { Context } from "#core/context.ts";
import { AppError } from "#core/errors.ts";
import type { ExportableLibrary } from "#core/library/export.ts";
import { ZooLibrary } from "#core/library/zoo-library.ts";
import type { Finding } from "#core/mergekit/finding.ts";
import { importMergekit } from "#core/mergekit/import.ts";
import { modelsOf } from "#core/mergekit/library-names.ts";
import { namedModels } from "#core/mergekit/names.ts";
import { looksLikeMergekit } from "#core/mergekit/recognise.ts";
import { expertFromName } from "#core/model/step-from-name.ts";
import type { ExpertId, Recipe } from "#core/recipe/schema.ts";
import { parseRecipeFile, type RecipeFile, recipeFromText } from "#core/recipe/share.ts";
import type { Kernels } from "#core/tensor/kernels.ts";
import { checkInputs } from "./check-inputs.ts";
import { UsageError } from "./exit.ts";
import type { OpenFiles } from "./file-source.ts";
import { openPath, textOf } from "./open-path.ts";
import type { Options } from "./options.ts";
import { type ExpertPath, PathLibrary, type Policies } from "./path-library.ts";
import { openZooFolder } from "./zoo-folder.ts";

export interface Loaded {
  /** Absent when an error among the findings stands in the way. */
  readonly recipe: Recipe | undefined;
  readonly library: ExportableLibrary;
  readonly findings: readonly Finding[];
  /** The file that the recipe was saved in, with what it was computed from. */
  readonly saved: RecipeFile | undefined;
}

/** What loading needs. */
export interface Tools {
  readonly files: OpenFiles;
  readonly kernels: Kernels;
  readonly context: Context;
}

/** @throws UsageError, AppError recipe/…, file/…, model/…, zoo/… */
export async function load(options: Options, tools: Tools): Promise<Loaded> {
  const text = await textOf(options.recipe);
  const loaded = looksLikeMergekit(text)
    ? await loadConfiguration(text, options, tools)
    : await loadRecipe(text, options, tools);
  for (const path of options.evidence) {
    const { file } = await openPath(path, tools.files);
    await loaded.library.evidenceStore.open(file, loaded.library.base);
  }
  const warnings = "warnings" in loaded.library ? loaded.library.warnings : [];
  const told = warnings.map((message): Finding => ({ severity: "ignored", path: "experts", message }));
  const checks = loaded.saved ? await checkInputs(loaded.saved, loaded.library) : [];
  return { ...loaded, findings: [...loaded.findings, ...told, ...checks] };
}

interface Opened extends Loaded {
  readonly library: ZooLibrary | PathLibrary;
}

async function loadRecipe(text: string, options: Options, tools: Tools): Promise<Opened> {
  const isSaved = /^\s*\{[^{]*"kintsugi"\s*:/.test(text);
  const saved = isSaved ? parseRecipeFile(text) : undefined;
  const recipe = saved?.recipe ?? recipeFromText(text);
  if (options.zoo !== undefined) {
    return { recipe, saved, library: await openZoo(options.zoo, tools), findings: [] };
  }
  if (options.base === undefined) {
    throw new UsageError("A recipe in JSON names models by content: say where they are, by --zoo or --base.");
  }
  const paths = recipe.experts.flatMap(({ id, step = 0 }) => {
    const path = options.experts.get(id);
    return path === undefined ? [] : [{ id, step, path }];
  });
  const library = await openPaths(options.base, paths, policiesOf(options, saved), tools);
  return { recipe, saved, library, findings: [] };
}

async function loadConfiguration(text: string, options: Options, tools: Tools): Promise<Opened> {
  if (options.zoo !== undefined) {
    const library = await openZoo(options.zoo, tools);
    const expert = modelsOf(library.card(), library.baseFile.name);
    return { library, ...translated(text, library, expert) };
  }
  const named = namedModels(text);
  const here = (path: string) => resolved(path, options.recipe);
  const ids = idsOf(named.experts);
  const experts = named.experts.map((path) => ({ id: ids.get(path) ?? "", step: 0, path: here(path) }));
  const base = options.base ?? (named.base === undefined ? experts[0]?.path : here(named.base));
  if (base === undefined)
    throw new AppError("recipe/malformed", "The configuration names no models.", { path: "models" });
  const library = await openPaths(base, experts, policiesOf(options), tools);
  return {
    library,
    ...translated(text, library, (model) => {
      const id = ids.get(model);
      return id === undefined ? (model === named.base ? "base" : undefined) : { id };
    }),
  };
}

function translated(
  text: string,
  { base }: ExportableLibrary,
  expert: Parameters<typeof importMergekit>[1]["expert"],
) {
  const { recipe, findings } = importMergekit(text, {
    base: base.id,
    tensors: base.tensors.values(),
    expert,
  });
  return { recipe, findings, saved: undefined };
}

async function openZoo(folder: string, { kernels, context }: Tools): Promise<ZooLibrary> {
  return ZooLibrary.open(await openZooFolder(folder), kernels, context);
}

async function openPaths(
  base: string,
  experts: readonly { readonly id: ExpertId; readonly step: number; readonly path: string }[],
  policies: Policies,
  { files, kernels, context }: Tools,
): Promise<PathLibrary> {
  const opened: ExpertPath[] = [];
  for (const { id, step, path } of experts) opened.push({ id, step, opened: await openPath(path, files) });
  return PathLibrary.open(await openPath(base, files), opened, policies, kernels, context);
}

/** As the option says, else as the inputs were when the recipe was saved. */
function policiesOf({ nonFinite }: Options, saved?: RecipeFile): Policies {
  const of = (content: string | undefined) =>
    nonFinite ?? saved?.inputs.repairs?.find(({ id }) => id === content)?.by ?? "error";
  return { base: of(saved?.inputs.base), expert: (id) => of(saved?.inputs.experts[id]?.id) };
}

/** Beside the recipe or, as mergekit would look for it, where the command was called. */
function resolved(path: string, recipe: string): string {
  const beside = isAbsolute(path) ? path : join(dirname(recipe), path);
  return existsSync(beside) ? beside : path;
}

/** The ids that the page would give these files: by name, numbered where two names are alike. */
function idsOf(paths: readonly string[]): ReadonlyMap<string, ExpertId> {
  const ids = new Map<string, ExpertId>();
  const taken = new Set<ExpertId>();
  for (const path of paths) {
    const { slug } = expertFromName(path);
    let id = slug;
    for (let number = 2; taken.has(id); number++) id = `${slug.slice(0, 60)}-${number}`;
    taken.add(id);
    ids.set(path, id);
  }
  return ids;
}
