/** The models that a mergekit configuration names, before anything is opened. */
import { parseConfig } from "./config.ts";
import { mergekitMethod } from "./methods.ts";

export interface NamedModels {
  /** Where merges start from; undefined where the method needs none, or names an expert there. */
  readonly base: string | undefined;
  /** Each once, in the configuration's order, without the base. */
  readonly experts: readonly string[];
}

/** Reads the names only. @throws AppError recipe/malformed when the text is no configuration */
export function namedModels(text: string): NamedModels {
  const { config } = parseConfig(text);
  const startsAtModel = mergekitMethod(config.merge_method)?.base === "first";
  const base = startsAtModel ? undefined : (config.base_model ?? undefined);
  const sources = config.models ?? config.slices?.flatMap((slice) => slice.sources) ?? [];
  const experts = new Set(sources.map(({ model }) => model));
  if (base !== undefined) experts.delete(base);
  return { base, experts: [...experts] };
}
