/** The form that is open, with what it lacks filled in. */
import { useMemo } from "react";
import type { Work } from "#app/slices/work.ts";
import type { WorkDraft } from "#app/slices/workbench.ts";
import { useApp } from "#app/store.ts";
import { requestsOf, taskOf } from "#app/work-drafts.ts";
import type { EvidenceCard, LibraryCard } from "#core/summary.ts";
import type { WorkCardId } from "#core/work-cards.ts";

export interface OpenForm {
  readonly form: WorkCardId;
  readonly draft: WorkDraft;
  readonly requests: readonly Work["request"][];
  change(patch: Partial<WorkDraft>): void;
}

/** Requests are made anew only when form, recipe or library change. */
export function useForm(): OpenForm {
  const form = useApp((state) => state.form);
  const left = useApp((state) => state.drafts[state.form]);
  const evidence = useApp((state) => state.evidence);
  const recipe = useApp((state) => state.recipe);
  const library = useApp((state) => state.library);
  const setDraft = useApp((state) => state.draft);
  const draft = useMemo(
    () => (library ? { ...left, mask: maskFor(left, library, evidence) } : left),
    [left, library, evidence],
  );
  const requests = useMemo(
    () => (recipe && library ? requestsOf(form, draft, { recipe, library }) : []),
    [form, draft, recipe, library],
  );
  return { form, draft, requests, change: (patch) => setDraft(form, patch) };
}

/** The chosen mask while it is here, or the newest of the task, or the newest. */
function maskFor(
  draft: WorkDraft,
  library: LibraryCard,
  evidence: readonly EvidenceCard[],
): WorkDraft["mask"] {
  const masks = evidence.filter(({ about }) => about.kind === "mask");
  const task = taskOf(draft, library)?.id;
  const chosen = masks.find(({ id }) => id === draft.mask);
  return (chosen ?? masks.findLast(({ about }) => about.task === task) ?? masks.at(-1))?.id;
}
