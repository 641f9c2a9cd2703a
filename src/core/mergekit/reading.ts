/** A configuration while it is translated: what every part of the translation reads, and where it tells what it found. */
import type { ExpertId } from "../recipe/schema.ts";
import type { MergekitConfig, Source } from "./config.ts";
import type { Finding } from "./finding.ts";
import type { MergekitMethod } from "./methods.ts";
import type { Places } from "./places.ts";

/** Where something stands in the configuration. */
export type Path = readonly (string | number)[];

/** Parameters with the path of what has them. */
export interface Given {
  readonly parameters: Source["parameters"];
  readonly path: Path;
}

export interface Reading extends Places {
  readonly config: MergekitConfig;
  readonly method: MergekitMethod;
  /** Parameters of the whole merge, the nearest first: the slice's, then the configuration's. */
  readonly shared: readonly Given[];
  /** Adds a finding, with the line of its path. */
  say(severity: Finding["severity"], path: Path, message: string): void;
}

/** A model of the configuration that is an expert here. */
export interface Member extends Given {
  readonly id: ExpertId;
  readonly step?: number;
  readonly model: string;
}

/** Parameters that mergekit reads for each model. */
export const MEMBER_KEYS: readonly string[] = ["weight", "density", "gamma", "epsilon"];

/** Parameters that may differ from tensor to tensor here. */
export const TENSOR_KEYS: readonly string[] = [...MEMBER_KEYS, "lambda", "t"];

/** A parameter of the whole merge that is the same for all tensors: as given, or mergekit's default. */
export function sharedValue(
  key: string,
  { shared, method }: Pick<Reading, "shared" | "method">,
): number | boolean | undefined {
  for (const { parameters } of shared) {
    const value = parameters?.[key];
    if (typeof value === "number" || typeof value === "boolean") return value;
  }
  return method.defaults[key];
}
