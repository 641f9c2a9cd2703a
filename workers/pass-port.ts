/** The models worker's half of long passes: lends what they read, takes what they made, and gives experts' parts of a merge. */
import { transfer } from "comlink";
import { quietContext } from "#core/context.ts";
import { layerOf } from "#core/doge/layers.ts";
import type { Merger, PassInput } from "#core/merge/merger.ts";
import { aloneOf } from "#core/recipe/alone.ts";
import type { CheckpointApi } from "./protocol/optimise.ts";
import type { PassApi, PassTensor } from "./protocol/pass.ts";

/** @param open throws AppError model/no-base until something is open */
export function passAnswers(
  open: () => { readonly merger: Merger },
): PassApi & Pick<CheckpointApi, "vector"> {
  let reading: AsyncGenerator<PassInput> | undefined;
  return {
    longPass: async (recipe) => open().merger.longPass(recipe),

    async openPass(recipe) {
      await reading?.return(undefined);
      reading = open().merger.passInputs(recipe, quietContext);
    },

    async nextInput() {
      for (;;) {
        const input = (await reading?.next())?.value;
        if (!input) return undefined;
        // Norms, biases and embeddings stay at base: they need not travel.
        if (layerOf(input)) return moved(input);
      }
    },

    givePass: async (recipe, made) => open().merger.givePass(recipe, made, quietContext),

    async vector(recipe, expert) {
      const tensors = new Map<string, Float32Array<ArrayBuffer>>();
      for await (const { spec, row } of open().merger.updates(aloneOf(recipe, expert), quietContext)) {
        if (row.some((value) => value !== 0)) tensors.set(spec.name, Float32Array.from(row));
      }
      return transfer(
        tensors,
        [...tensors.values()].map(({ buffer }) => buffer),
      );
    },
  };
}

/** The merger keeps its arrays, so copies travel. */
function moved({ tensor: { name, shape }, rows, weights }: PassInput): PassTensor {
  const copies = rows.map((row) => Float32Array.from(row));
  return transfer(
    { name, shape, rows: copies, weights },
    copies.map(({ buffer }) => buffer),
  );
}
