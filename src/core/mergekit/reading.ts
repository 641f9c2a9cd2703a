/** A configuration while it is translated: what every part of the translation reads, and where it tells what it found. */
import type { ExpertId } from "../recipe/schema.ts";
import type { MergekitConfig, Source } from "./config.ts";
import type { Finding } from "./finding.ts";
import type { MergekitMethod } from "./methods.ts";
import type { Place } from "./setting.ts";

/** Where something stands in the configuration. */
export type Path = readonly (string | number)[];

export interface Reading {
  readonly config: MergekitConfig;
  readonly method: MergekitMethod;
  /** All tensors of the base, in depth order. */
  readonly places: readonly Place[];
  /** Adds a finding, with the line of its path. */
  say(severity: Finding["severity"], path: Path, message: string): void;
}

/** A model of the configuration that is an expert here. */
export interface Member {
  readonly id: ExpertId;
  readonly step?: number;
  readonly source: Source;
  readonly path: Path;
}

/** Both of mergekit's spherical methods are one of ours. */
export function isSlerp({ method }: MergekitMethod): boolean {
  return method === "slerp";
}
