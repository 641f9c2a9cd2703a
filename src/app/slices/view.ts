import type { StateCreator } from "zustand/vanilla";
import type { HardOptions } from "#core/eval/report.ts";
import type { Role } from "#core/recipe/schema.ts";
import type { AppState } from "../store.ts";

export type Language = "en" | "ja";
export type Theme = "system" | "light" | "dark";
export type SeamQuantity = "density" | "norm" | "conflict" | "cosine";
export type SortKey = "depth" | "name" | "role" | "count" | "norm" | "conflict" | "cosine" | "density";
export type NarrowTab = "library" | "recipe" | "results";
/** What lies under the recipe. */
export type WorkTab = "tensors" | "workbench" | "masks" | "arithmetic";
/** Which chip of the recipe sentence is open: "base", "method", "rules", "expert:<id>", "sparsifier:<index>". */
export type OpenChip = string | undefined;

export interface ViewSlice {
  readonly language: Language;
  readonly theme: Theme;
  readonly tab: NarrowTab;
  readonly workTab: WorkTab;
  readonly openChip: OpenChip;
  readonly dialog:
    | "keys"
    | "palette"
    | "about"
    | "save"
    | "mergekit"
    | "ancestry"
    | "semantics"
    | "task"
    | "storage"
    | undefined;
  readonly selection: readonly string[];
  readonly filter: string;
  readonly roleFilter: Role | undefined;
  readonly sort: { readonly key: SortKey; readonly descending: boolean };
  readonly seamQuantity: SeamQuantity;
  readonly hard: HardOptions;

  patchView(patch: Partial<Omit<ViewSlice, "patchView" | "select">>): void;
  /** Selects tensors: alone, added, or toggled. */
  select(names: readonly string[], how: "replace" | "add" | "toggle"): void;
}

export const createViewSlice: StateCreator<AppState, [], [], ViewSlice> = (set) => ({
  language: "en",
  theme: "system",
  tab: "recipe",
  workTab: "tensors",
  openChip: undefined,
  dialog: undefined,
  selection: [],
  filter: "",
  roleFilter: undefined,
  sort: { key: "depth", descending: false },
  seamQuantity: "density",
  hard: { kind: "el2n", fraction: 0.1, lateStep: 640 },

  patchView: (patch) => set(patch),
  select: (names, how) =>
    set(({ selection }) => {
      if (how === "replace") return { selection: [...names] };
      if (how === "add") return { selection: [...new Set([...selection, ...names])] };
      const toggled = new Set(selection);
      for (const name of names) if (!toggled.delete(name)) toggled.add(name);
      return { selection: [...toggled] };
    }),
});
