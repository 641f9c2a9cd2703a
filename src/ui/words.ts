import { useApp } from "#app/store.ts";

/** The words of one part of the page in every language; Japanese has the shape of English or does not compile. */
export interface Words<T> {
  readonly en: T;
  readonly ja: T;
}

export function defineWords<T>(words: { readonly en: T; readonly ja: NoInfer<T> }): Words<T> {
  return words;
}

/** The words of a part in the user's language. */
export function useWords<T>(words: Words<T>): T {
  return words[useApp((state) => state.language)];
}
