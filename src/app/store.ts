/** The one store: plain data in slices. Anything asynchronous is a flow that subscribes to it. */
import { temporal } from "zundo";
import { useStore } from "zustand";
import { subscribeWithSelector } from "zustand/middleware";
import { createStore } from "zustand/vanilla";
import { type ArithmeticSlice, createArithmeticSlice } from "./slices/arithmetic.ts";
import { createExchangeSlice, type ExchangeSlice } from "./slices/exchange.ts";
import { createKeptSlice, type KeptSlice } from "./slices/kept.ts";
import { createLibrarySlice, type LibrarySlice } from "./slices/library.ts";
import { createMasksSlice, type MasksSlice } from "./slices/masks.ts";
import { createPassSlice, type PassSlice } from "./slices/pass.ts";
import { createRecipeSlice, type RecipeSlice } from "./slices/recipe.ts";
import { createRunsSlice, type RunsSlice } from "./slices/runs.ts";
import { createViewSlice, type ViewSlice } from "./slices/view.ts";
import { createWorkSlice, type WorkSlice } from "./slices/work.ts";
import { createWorkbenchSlice, type WorkbenchSlice } from "./slices/workbench.ts";

export type AppState = LibrarySlice &
  RecipeSlice &
  RunsSlice &
  ViewSlice &
  WorkSlice &
  WorkbenchSlice &
  ArithmeticSlice &
  MasksSlice &
  PassSlice &
  ExchangeSlice &
  KeptSlice &
  HistorySlice;

interface HistorySlice {
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  /** −1 goes back one edit, 1 forward; nothing happens at the ends. */
  travel(by: -1 | 1): void;
}

/** Edits kept for undo. */
const HISTORY = 200;

export function createAppStore() {
  const store = createStore<AppState>()(
    subscribeWithSelector(
      temporal(
        (set, get, api) => ({
          ...createLibrarySlice(set, get, api),
          ...createRecipeSlice(set, get, api),
          ...createRunsSlice(set, get, api),
          ...createViewSlice(set, get, api),
          ...createWorkSlice(set, get, api),
          ...createWorkbenchSlice(set, get, api),
          ...createArithmeticSlice(set, get, api),
          ...createMasksSlice(set, get, api),
          ...createPassSlice(set, get, api),
          ...createExchangeSlice(set, get, api),
          ...createKeptSlice(set, get, api),
          canUndo: false,
          canRedo: false,
          travel: (by) => travel(by),
        }),
        {
          limit: HISTORY,
          // The key travels with its recipe, so that nobody ever sees one without the other.
          partialize: ({ recipe, recipeKey }) => ({ recipe, recipeKey }),
          equality: (past, current) => past.recipe === current.recipe || past.recipe === undefined,
        },
      ),
    ),
  );

  const history = store.temporal;

  function travel(by: -1 | 1): void {
    if (by < 0) history.getState().undo();
    else history.getState().redo();
  }

  history.subscribe(({ pastStates, futureStates }) => {
    const canUndo = pastStates.length > 0;
    const canRedo = futureStates.length > 0;
    const now = store.getState();
    if (now.canUndo !== canUndo || now.canRedo !== canRedo) store.setState({ canUndo, canRedo });
  });

  // One drag is one entry: its first change is recorded, the rest are not. The change is recorded only after the
  // store's own subscribers have heard of it, so it is the history that tells when to pause.
  history.subscribe(({ pastStates }, before) => {
    if (pastStates !== before.pastStates && store.getState().isDragging) history.getState().pause();
  });
  store.subscribe(
    (state) => state.isDragging,
    (isDragging) => {
      if (!isDragging) history.getState().resume();
    },
  );
  return store;
}

/** What stays when another family is opened: how the page looks, what it says, and the machine. */
const STAYS = [
  "language",
  "theme",
  "tab",
  "workTab",
  "dialog",
  "sort",
  "seamQuantity",
  "hard",
  "families",
  "notices",
  "engine",
  "memory",
  "isKeeping",
  "kept",
] as const satisfies readonly (keyof AppState)[];

/** Forgets everything that belongs to the open family: library, recipe and its history, results, jobs. */
export function forgetFamily(store: AppStore, next: string): void {
  const now = store.getState();
  const kept = Object.fromEntries(STAYS.map((key) => [key, now[key]]));
  store.setState({ ...store.getInitialState(), ...kept, family: next });
  store.temporal.getState().clear();
}

export type AppStore = ReturnType<typeof createAppStore>;

export const store = createAppStore();

/** The one way a component reads state. Select leaves: a fresh object from the selector loops. */
export function useApp<T>(select: (state: AppState) => T): T {
  return useStore(store, select);
}
