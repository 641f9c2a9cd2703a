import type { StateCreator } from "zustand/vanilla";
import type { ExpertCard, LibraryCard } from "#core/summary.ts";
import type { AppState } from "../store.ts";

/** Something to show to the user: a refused file, a crashed worker, a failed export. */
export interface Notice {
  readonly id: number;
  readonly kind: "error" | "info";
  readonly code: string;
  readonly message: string;
  /** The file or place it is about. */
  readonly subject?: string;
}

export interface LibrarySlice {
  /** "shipped": described by the zoo's own results, workers still starting; "ready": the workers have it. */
  readonly libraryState: "loading" | "shipped" | "ready" | "failed";
  readonly library: LibraryCard | undefined;
  readonly notices: readonly Notice[];
  setLibrary(library: LibraryCard, state: "shipped" | "ready"): void;
  failLibrary(): void;
  putExpert(expert: ExpertCard): void;
  removeExpert(id: string): void;
  notify(notice: Omit<Notice, "id">): void;
  dismiss(id: number): void;
}

let lastNotice = 0;

export const createLibrarySlice: StateCreator<AppState, [], [], LibrarySlice> = (set) => ({
  libraryState: "loading",
  library: undefined,
  notices: [],

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
