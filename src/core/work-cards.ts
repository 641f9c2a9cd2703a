/** What can be trained or measured, as plain data: options for a form, and where each comes from. */
import { adamergingSource, adamergingSpec } from "./adamerging/spec.ts";
import type { Source } from "./described.ts";
import { localiseSource, localiseSpec } from "./localise/spec.ts";
import { type ControlSpec, controlsOf, defaultsOf } from "./params.ts";
import type { Params } from "./recipe/schema.ts";
import { fisherSource, fisherSpec } from "./statistics/fisher.ts";
import { gramSource, gramSpec } from "./statistics/gram.ts";
import { talosSource, talosSpec } from "./talos/spec.ts";
import { trainOptions } from "./train/spec.ts";

/** The schemas of everything that takes gradients or activations; what each of them parses is a request's spec. */
const specs = {
  train: trainOptions,
  localise: localiseSpec,
  fisher: fisherSpec,
  gram: gramSpec,
  calibrate: talosSpec,
  adamerge: adamergingSpec,
} as const;

export type WorkCardId = keyof typeof specs;

export interface WorkCard {
  readonly controls: readonly ControlSpec[];
  readonly defaults: Params;
  /** Absent for plain fine-tuning. */
  readonly source: Source | undefined;
}

export const workCards: Readonly<Record<WorkCardId, WorkCard>> = {
  train: card("train", undefined),
  localise: card("localise", localiseSource),
  fisher: card("fisher", fisherSource),
  gram: card("gram", gramSource),
  calibrate: card("calibrate", talosSource),
  adamerge: card("adamerge", adamergingSource),
};

function card(id: WorkCardId, source: Source | undefined): WorkCard {
  const controls = controlsOf(specs[id]);
  return { controls, defaults: defaultsOf(controls), source };
}
