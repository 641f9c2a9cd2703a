/** Everything that can be done from anywhere, once: the palette lists it, keys and menus call it. */
import { useMemo } from "react";
import { commands } from "#app/commands.ts";
import type { NarrowTab, WorkTab } from "#app/slices/view.ts";
import { store, useApp } from "#app/store.ts";
import { type MethodCard, methodCards, presets, sparsifierCards } from "#core/catalog.ts";
import { addSparsifier, applyPreset, setAllSteps, setMethod } from "#core/recipe/edit.ts";
import type { LibraryCard } from "#core/summary.ts";
import { actionWords } from "./action-words.ts";
import { commonSteps, setCommonStep } from "./common-steps.ts";
import { keyNames } from "./keys.ts";
import { pickFiles } from "./pick-files.ts";
import { useWords, type Words } from "./words.ts";

export interface Action {
  readonly id: string;
  readonly label: string;
  readonly keys?: string;
  readonly disabled?: boolean;
  run(): void;
}

export interface ActionGroup {
  readonly id: string;
  readonly label: string;
  readonly items: readonly Action[];
}

type Text = typeof actionWords extends Words<infer T> ? T : never;

/** All actions in groups, in the user's language, as the state allows them. */
export function useActions(): readonly ActionGroup[] {
  const text = useWords(actionWords);
  const canUndo = useApp((state) => state.canUndo);
  const canRedo = useApp((state) => state.canRedo);
  const isPinned = useApp((state) => state.pinned !== undefined);
  const library = useApp((state) => state.library);

  return useMemo(() => {
    return [
      {
        id: "recipe",
        label: text.groups.recipe,
        items: [
          ...historyActions(text, canUndo, canRedo),
          ...pinActions(text, isPinned),
          ...stepActions(text, library),
          ...recipeActions(text),
        ],
      },
      { id: "method", label: text.groups.method, items: methodActions(text) },
      { id: "preset", label: text.groups.preset, items: presetActions(text) },
      { id: "save", label: text.groups.save, items: fileActions(text) },
      { id: "work", label: text.groups.work, items: workActions(text) },
      { id: "view", label: text.groups.view, items: viewActions(text) },
    ];
  }, [text, canUndo, canRedo, isPinned, library]);
}

function historyActions(text: Text, canUndo: boolean, canRedo: boolean): readonly Action[] {
  const { undo, redo } = store.getState();
  return [
    { id: "undo", label: text.undo, keys: keyNames.undo, disabled: !canUndo, run: undo },
    { id: "redo", label: text.redo, keys: keyNames.redo, disabled: !canRedo, run: redo },
  ];
}

function pinActions(text: Text, isPinned: boolean): readonly Action[] {
  const { pin, unpin } = store.getState();
  return [
    { id: "pin", label: isPinned ? text.pinAgain : text.pin, run: pin },
    { id: "return", label: text.returnToPinned, disabled: !isPinned, run: returnToPinned },
    { id: "unpin", label: text.unpin, disabled: !isPinned, run: unpin },
  ];
}

function stepActions(text: Text, library: LibraryCard | undefined): readonly Action[] {
  if (!library) return [];
  const { edit } = store.getState();
  const last = {
    id: "last-steps",
    label: text.lastSteps,
    run: () => edit((recipe) => setAllSteps(recipe, undefined)),
  };
  const others = commonSteps(library).map((step) => ({
    id: `steps-${step}`,
    label: text.allSteps(String(step)),
    run: () => edit((recipe) => setCommonStep(recipe, library, step)),
  }));
  return [last, ...others];
}

function recipeActions(text: Text): readonly Action[] {
  return [
    ...sparsifierCards.map(({ id, label }) => ({
      id: `add-${id}`,
      label: text.addSparsifier(label),
      run: () => store.getState().edit((recipe) => addSparsifier(recipe, id)),
    })),
    { id: "cancel", label: text.cancel, run: () => commands().cancel() },
  ];
}

function methodActions(text: Text): readonly Action[] {
  return methodCards.map(({ id, label }) => ({
    id: `method-${id}`,
    label: text.method(label),
    run: () => store.getState().edit((recipe) => setMethod(recipe, id)),
  }));
}

function presetActions(text: Text): readonly Action[] {
  return presets.map((preset) => ({
    id: `preset-${preset.id}`,
    label: text.preset(preset.label),
    run: () => store.getState().edit((recipe) => applyPreset(recipe, preset)),
  }));
}

function fileActions(text: Text): readonly Action[] {
  const openDialog = () => store.getState().patchView({ dialog: "save" });
  return [
    { id: "save", label: text.save, keys: keyNames.save, run: openDialog },
    { id: "save-safetensors", label: text.saveModel, run: () => saveModel("safetensors") },
    { id: "save-onnx", label: text.saveOnnx, run: () => saveModel("onnx") },
    { id: "save-recipe", label: text.saveRecipe, run: () => commands().saveRecipe() },
    { id: "open", label: text.openFiles, keys: keyNames.open, run: () => pickFiles("files") },
    { id: "open-folder", label: text.openFolder, run: () => pickFiles("folder") },
    {
      id: "semantics",
      label: text.semantics,
      run: () => store.getState().patchView({ dialog: "semantics" }),
    },
    {
      id: "model-card",
      label: text.modelCard,
      run: () => commands().exchange((exchange) => exchange.saveModelCard()),
    },
    { id: "link", label: text.copyLink, run: () => commands().copyLink() },
    { id: "test", label: text.testReport, run: () => commands().reportOnTest() },
  ];
}

function workActions(text: Text): readonly Action[] {
  const forms = ["train", "localise", "fisher", "gram", "calibrate", "adamerge"] as const;
  return [
    ...forms.map((form) => ({
      id: `form-${form}`,
      label: text.forms[form],
      run: () => {
        store.getState().openForm(form);
        goToWork("workbench");
      },
    })),
    {
      id: "measure-missing",
      label: text.measureMissing,
      run: () => commands().work((work) => work.measureMissing()),
    },
  ];
}

function viewActions(text: Text): readonly Action[] {
  const { patchView } = store.getState();
  const tabs = ["library", "recipe", "results"] as const;
  const works = ["tensors", "workbench", "masks", "arithmetic"] as const;
  const themes = ["system", "light", "dark"] as const;
  const languages = ["en", "ja"] as const;
  return [
    ...tabs.map((tab) => ({ id: `pane-${tab}`, label: text.panes[tab], run: () => goTo(tab) })),
    ...works.map((tab) => ({ id: `work-${tab}`, label: text.work[tab], run: () => goToWork(tab) })),
    ...themes.map((theme) => ({
      id: `theme-${theme}`,
      label: text.themes[theme],
      run: () => patchView({ theme }),
    })),
    ...languages.map((language) => ({
      id: `language-${language}`,
      label: text.languages[language],
      run: () => patchView({ language }),
    })),
    { id: "storage", label: text.storage, run: () => patchView({ dialog: "storage" }) },
    { id: "keys", label: text.keys, keys: keyNames.keys, run: () => patchView({ dialog: "keys" }) },
  ];
}

/** True when the recipe's method gives one model per task, so that saving must ask whose. */
export function isPerTask(methodId: string | undefined): boolean {
  return outputOf(methodId) === "per-task";
}

/** What kind of model a method gives; undefined for an unknown one. */
export function outputOf(methodId: string | undefined): MethodCard["output"] | undefined {
  return methodCards.find((card) => card.id === methodId)?.output;
}

function saveModel(as: "safetensors" | "onnx"): void {
  const { recipe, patchView } = store.getState();
  if (outputOf(recipe?.method.id) !== "single") patchView({ dialog: "save" });
  else commands().saveModel(as);
}

function returnToPinned(): void {
  const { pinned, setRecipe } = store.getState();
  if (pinned) setRecipe(pinned.recipe);
}

/** Brings a pane up, where only one is shown, and moves the focus into it. */
export function goTo(tab: NarrowTab): void {
  store.getState().patchView({ tab });
  requestAnimationFrame(() => document.getElementById(paneId(tab))?.focus());
}

/** Brings up what lies under the recipe and moves the focus into it. */
export function goToWork(workTab: WorkTab): void {
  store.getState().patchView({ tab: "recipe", workTab });
  requestAnimationFrame(() => document.querySelector<HTMLElement>(`[data-part="${workTab}"]`)?.focus());
}

/** Id of a pane's element. */
export function paneId(tab: NarrowTab): string {
  return `pane-${tab}`;
}
