import type { StateCreator } from "zustand/vanilla";
import type { PairedComparison } from "#core/eval/report.ts";
import type { AdapterReach } from "#core/library/export-adapter.ts";
import type { Exported } from "#core/mergekit/export.ts";
import type { Finding } from "#core/mergekit/finding.ts";
import type { ExpertId, Recipe } from "#core/recipe/schema.ts";
import type { Dialect } from "#core/semantics.ts";
import type { Ancestry, Rederived, TensorDifference } from "#core/summary.ts";
import type { AppState } from "../store.ts";

/** A mergekit configuration that waits for the user's word. */
export interface OpenedConfig {
  readonly name: string;
  /** The text's lines, for findings to point at. */
  readonly lines: readonly string[];
  readonly findings: readonly Finding[];
  /** Absent when an error stands in the way. */
  readonly recipe: Recipe | undefined;
}

/** A recipe as mergekit's configuration, with what it was written from. */
export interface WrittenConfig extends Exported {
  readonly recipeKey: string;
  readonly hidesNames: boolean;
}

/** A merged file whose making is looked at. */
export interface OpenedMerge {
  readonly expert: ExpertId;
  readonly step: number;
  readonly ancestry: Ancestry;
  readonly rederived: Rederived | "running" | undefined;
}

/** One reading of the recipe, measured as far as it has come. */
export interface MeasuredReading {
  readonly key: string;
  readonly dialects: readonly Dialect[];
  readonly sources: readonly string[];
  readonly isOwn: boolean;
  /** Mean accuracy over the tasks on the quick subset of validation, with its interval. */
  readonly mean:
    | { readonly value: number; readonly low: number; readonly high: number; readonly n: number }
    | undefined;
  /** Against the recipe as it stands; undefined for that one itself, and until it is measured. */
  readonly tasks: readonly PairedComparison[] | undefined;
  /** Tensors that move, largest first; of the reading against the recipe as it stands. */
  readonly moved: readonly TensorDifference[] | undefined;
}

export interface Lens {
  readonly recipeKey: string;
  readonly readings: readonly MeasuredReading[];
  readonly isRunning: boolean;
}

/** What travels between Kintsugi and other programs. */
export interface ExchangeSlice {
  readonly openedConfig: OpenedConfig | undefined;
  /** The recipe on screen as mergekit's. */
  readonly configuration: WrittenConfig | undefined;
  readonly openedMerge: OpenedMerge | undefined;
  readonly lens: Lens | undefined;
  /** How much of a recipe's merge adapters keep; the reach is undefined while it is measured. */
  readonly adapter: { readonly recipeKey: string; readonly reach: AdapterReach | undefined } | undefined;
  /** The user wants nothing that comes from a file's name in what is saved. */
  readonly hideNames: boolean;
  patchExchange(patch: Partial<Omit<ExchangeSlice, "patchExchange">>): void;
}

export const createExchangeSlice: StateCreator<AppState, [], [], ExchangeSlice> = (set) => ({
  openedConfig: undefined,
  configuration: undefined,
  openedMerge: undefined,
  lens: undefined,
  adapter: undefined,
  hideNames: false,
  patchExchange: (patch) => set(patch),
});
