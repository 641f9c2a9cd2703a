import { useMemo } from "react";
import { useApp } from "#app/store.ts";
import type { MaskSummary } from "#core/summary.ts";
import type { Provenance } from "../charts/csv.ts";
import { expertIndex } from "../controls/TaskMark.tsx";
import { useFormats } from "../format.ts";
import { useWords } from "../words.ts";
import { wholeOf } from "./mask-numbers.ts";
import { masksWords } from "./masks-words.ts";

/** An expert whose region is shown. */
export interface MaskExpert {
  readonly id: string;
  readonly label: string;
  /** Of its shape and colour. */
  readonly index: number;
}

/** The experts of the counts, in their order. */
export function useMaskExperts({ experts }: Pick<MaskSummary, "experts">): readonly MaskExpert[] {
  const library = useApp((state) => state.library);
  return useMemo(
    () =>
      experts.map((id, k) => ({
        id,
        label: library?.experts.find((card) => card.id === id)?.label ?? id,
        index: library ? expertIndex({ library }, id) : k,
      })),
    [experts, library],
  );
}

/** Where the counts come from. */
export function useCountOrigin(summary: MaskSummary, regions: string): Provenance {
  const words = useWords(masksWords);
  const format = useFormats();
  return { recipeKey: regions, sample: words.sample(format.count(wholeOf(summary).entries)) };
}
