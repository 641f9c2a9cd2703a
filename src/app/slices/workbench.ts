import type { StateCreator } from "zustand/vanilla";
import type { ContentId, ExpertId, Params, Role } from "#core/recipe/schema.ts";
import { type WorkCardId, workCards } from "#core/work-cards.ts";
import type { AppState } from "../store.ts";

/** A form as it was left: what it is about, and all its options. */
export interface WorkDraft {
  /** Empty = the suggested name. */
  readonly label: string;
  readonly task: string | undefined;
  /** Training starts from it, everything else is about it; undefined = from the base, about all that take part. */
  readonly expert: ExpertId | undefined;
  /** For training selected entries. */
  readonly mask: ContentId | undefined;
  /** A region may only lie in tensors of this role. */
  readonly role: Role | undefined;
  /** AdaMerging scales what the recipe makes of each expert, where that can be taken alone; else the plain task vectors. */
  readonly isOfRecipe: boolean;
  readonly params: Params;
}

export interface WorkbenchSlice {
  /** The form that is open. */
  readonly form: WorkCardId;
  readonly drafts: Readonly<Record<WorkCardId, WorkDraft>>;
  openForm(form: WorkCardId): void;
  draft(form: WorkCardId, patch: Partial<WorkDraft>): void;
}

function emptyDraft(form: WorkCardId): WorkDraft {
  return {
    label: "",
    task: undefined,
    expert: undefined,
    mask: undefined,
    role: undefined,
    isOfRecipe: true,
    params: workCards[form].defaults,
  };
}

export const createWorkbenchSlice: StateCreator<AppState, [], [], WorkbenchSlice> = (set) => ({
  form: "train",
  drafts: {
    train: emptyDraft("train"),
    localise: emptyDraft("localise"),
    fisher: emptyDraft("fisher"),
    gram: emptyDraft("gram"),
    calibrate: emptyDraft("calibrate"),
    adamerge: emptyDraft("adamerge"),
  },
  openForm: (form) => set({ form }),
  draft: (form, patch) =>
    set(({ drafts }) => ({ drafts: { ...drafts, [form]: { ...drafts[form], ...patch } } })),
});
