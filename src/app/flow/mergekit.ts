/** mergekit's configurations in and out. Loaded when first needed: the YAML reader is as large as the rest of the flows. */
import { type Exported, exportMergekit } from "#core/mergekit/export.ts";
import { importMergekit } from "#core/mergekit/import.ts";
import { modelsOf } from "#core/mergekit/library-names.ts";
import type { Session } from "../session.ts";
import type { AppStore } from "../store.ts";
import { adopt } from "./recipes.ts";
import { sealRecipe } from "./seal.ts";

/** Reads a configuration against what is open and shows what became of it; nothing is applied yet. @throws AppError recipe/malformed */
export function openConfiguration(store: AppStore, text: string, name: string): void {
  const { library, patchExchange, patchView } = store.getState();
  if (!library) return;
  const { recipe, findings } = importMergekit(text, {
    base: library.base.id,
    tensors: library.tensors,
    expert: modelsOf(library),
  });
  patchExchange({ openedConfig: { name, lines: text.split(/\r?\n/), findings, recipe } });
  patchView({ dialog: "mergekit" });
}

/** Takes over the recipe that was shown. */
export function applyConfiguration(store: AppStore): void {
  const { openedConfig, patchExchange, patchView } = store.getState();
  if (!openedConfig?.recipe) return;
  adopt(store, openedConfig.recipe);
  patchExchange({ openedConfig: undefined });
  patchView({ dialog: undefined });
}

/** Writes the recipe on screen as mergekit's; its merge must have been summarised, since densities come from there. */
export async function writeConfiguration(session: Session, signal: AbortSignal): Promise<void> {
  const { recipe, recipeKey, library, summary, patchExchange } = session.store.getState();
  if (!recipe || !library || summary?.recipeKey !== recipeKey) return;
  const sealed = await sealRecipe(session, signal);
  if (!sealed) return;
  const { names, ...provenance } = sealed;
  const written: Exported = exportMergekit(recipe, {
    summary,
    tensors: library.tensors,
    basePath: "./base",
    path(id, step) {
      if (names) return `./${names.get(id) ?? id}`;
      const checkpoints = library.experts.find((expert) => expert.id === id)?.checkpoints;
      const found = step === undefined ? checkpoints?.at(-1) : checkpoints?.find((one) => one.step === step);
      return `./${found?.file ?? id}`;
    },
    provenance,
  });
  patchExchange({ configuration: { ...written, recipeKey, hidesNames: names !== undefined } });
}
