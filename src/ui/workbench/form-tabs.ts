/** The forms as the user chooses among them: measurements of several kinds share one. */
import type { WorkCardId } from "#core/work-cards.ts";

export const formTabs = ["train", "localise", "measure", "adamerge"] as const;
export type FormTab = (typeof formTabs)[number];

export const measures = ["fisher", "gram", "calibrate"] as const;

/** Under which choice a form stands. */
export function tabOf(form: WorkCardId): FormTab {
  return form === "fisher" || form === "gram" || form === "calibrate" ? "measure" : form;
}

/** The form that a choice opens. */
export function formOf(tab: FormTab): WorkCardId {
  return tab === "measure" ? "fisher" : tab;
}
