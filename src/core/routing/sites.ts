/** Where a routed model lets experts join in, and what its graph is given there beside the base's weights. */
import type { TensorSpec } from "../tensor/tensor.ts";

/** A linear layer whose inputs choose among experts. Plain data: it says all that the graph's shape depends on. */
export interface RoutedSite {
  /** The base's weight. */
  readonly name: string;
  /** Each expert's rank, in row order. */
  readonly ranks: readonly number[];
}

/** The graph's inputs at one site, by what they are. */
export type RoutedInputs = Readonly<
  Record<"down" | "up" | "prototypes" | "topK" | "temperature", TensorSpec>
>;

/**
 * Names and shapes of a site's inputs, all f32.
 *
 * @param inputs of the layer
 * @param outputs of the layer
 */
export function routedInputs({ name, ranks }: RoutedSite, inputs: number, outputs: number): RoutedInputs {
  const rank = rankOf(ranks);
  const spec = (part: string, shape: readonly number[]): TensorSpec => ({
    name: `${name}/${part}`,
    dtype: "f32",
    shape,
  });
  return {
    down: spec("down", [inputs, rank]),
    up: spec("up", [rank, outputs]),
    prototypes: spec("prototypes", [inputs, ranks.length]),
    topK: spec("top-k", [1]),
    temperature: spec("temperature", [1]),
  };
}

/** Names of all inputs at a site, whatever its sizes. */
export function routedNames(site: RoutedSite): readonly string[] {
  return Object.values(routedInputs(site, 1, 1)).map(({ name }) => name);
}

/** R: the experts' ranks together. */
export function rankOf(ranks: readonly number[]): number {
  return ranks.reduce((sum, rank) => sum + rank, 0);
}
