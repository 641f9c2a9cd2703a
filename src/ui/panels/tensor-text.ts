import { createContext, useContext, useMemo } from "react";
import { useApp } from "#app/store.ts";
import type { Recipe } from "#core/recipe/schema.ts";
import { type Formats, formatsOf, useFormats } from "../format.ts";
import { useWords } from "../words.ts";
import { type TensorWords, tensorWords } from "./tensor-words.ts";

/** What every cell needs and none should subscribe to by itself: hundreds of cells come and go while scrolling. */
export interface TensorText {
  readonly words: TensorWords;
  readonly format: Formats;
  edit(change: (recipe: Recipe) => Recipe): void;
}

export const TensorTextContext = createContext<TensorText>({
  words: tensorWords.en,
  format: formatsOf("en"),
  edit: () => {},
});

/** For the cells of the table. */
export function useTensorText(): TensorText {
  return useContext(TensorTextContext);
}

/** For the table, which provides it. */
export function useProvidedText(): TensorText {
  const words = useWords(tensorWords);
  const format = useFormats();
  const edit = useApp((state) => state.edit);
  return useMemo(() => ({ words, format, edit }), [words, format, edit]);
}
