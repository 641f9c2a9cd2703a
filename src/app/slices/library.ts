import type { StateCreator } from "zustand/vanilla";
import type { FoundTask } from "#core/library/found-task.ts";
import type { NonFiniteReport } from "#core/library/non-finite-report.ts";
import type { RepairPolicy } from "#core/recipe/repair.ts";
import type { Recipe } from "#core/recipe/schema.ts";
import type { ExpertCard, LibraryCard } from "#core/summary.ts";
import type { AppState } from "../store.ts";

/** What the user may do about a notice: a command, as plain data. */
export type NoticeAction =
  /** Opens another family of the zoo, and the recipe that was made for it. */
  | {
      readonly kind: "open-family";
      readonly family: string;
      readonly name: string;
      readonly recipe?: Recipe;
    }
  /**
   * Opens dropped files as a family of their own; `logits` chooses the output that holds the class scores, `by` says that
   * this is what stands in for entries that are no numbers.
   */
  | {
      readonly kind: "open-own";
      readonly offer: number;
      readonly logits?: string;
      readonly by?: RepairPolicy;
    }
  /** Opens a refused file with other values in place of what is no number. */
  | { readonly kind: "repair"; readonly offer: number; readonly by: RepairPolicy }
  /** Changes nothing. */
  | { readonly kind: "leave-out" }
  /** Shows dropped examples, to be added as tasks. */
  | { readonly kind: "review-tasks"; readonly offer: number };

/** Something to show to the user: a refused file, a crashed worker, a failed export, or a question that waits. */
export interface Notice {
  readonly id: number;
  readonly kind: "error" | "info" | "offer";
  readonly code: string;
  readonly message: string;
  /** What an error knows of its place, for a sentence in another language. */
  readonly details?: Readonly<Record<string, unknown>>;
  /** The file or place it is about. */
  readonly subject?: string;
  /** Of a file with entries that are no numbers; shown in place of the message. */
  readonly report?: NonFiniteReport;
  readonly actions?: readonly NoticeAction[];
}

/** A family that can be opened: one of the zoo, or the user's own files. */
export interface FamilyEntry {
  readonly id: string;
  readonly name: string;
  /** Content of its base, where it is known. */
  readonly base?: string | undefined;
}

export interface LibrarySlice {
  /** "shipped": described by the zoo's own results, workers still starting; "ready": the workers have it. */
  readonly libraryState: "loading" | "shipped" | "ready" | "failed";
  readonly library: LibraryCard | undefined;
  /** Id of the family that is open or being opened. */
  readonly family: string;
  readonly families: readonly FamilyEntry[];
  readonly notices: readonly Notice[];
  /** Examples that were dropped, as the dialog shows them. */
  readonly offeredTasks: { readonly offer: number; readonly found: readonly FoundTask[] } | undefined;
  setLibrary(library: LibraryCard, state: "shipped" | "ready"): void;
  failLibrary(): void;
  putExpert(expert: ExpertCard): void;
  removeExpert(id: string): void;
  notify(notice: Omit<Notice, "id">): void;
  dismiss(id: number): void;
}

/** The family that opens by itself. */
export const FIRST_FAMILY = "vision";

let lastNotice = 0;

export const createLibrarySlice: StateCreator<AppState, [], [], LibrarySlice> = (set) => ({
  libraryState: "loading",
  library: undefined,
  family: FIRST_FAMILY,
  families: [],
  notices: [],
  offeredTasks: undefined,

  setLibrary: (library, libraryState) => set({ library, libraryState }),
  failLibrary: () => set({ libraryState: "failed" }),

  putExpert: (expert) =>
    set(({ library }) => {
      if (!library) return {};
      const others = library.experts.filter((other) => other.id !== expert.id);
      return { library: { ...library, experts: [...others, expert] } };
    }),

  removeExpert: (id) =>
    set(({ library }) =>
      library
        ? { library: { ...library, experts: library.experts.filter((expert) => expert.id !== id) } }
        : {},
    ),

  notify: (notice) => set(({ notices }) => ({ notices: [...notices, { ...notice, id: ++lastNotice }] })),
  dismiss: (id) => set(({ notices }) => ({ notices: notices.filter((notice) => notice.id !== id) })),
});
