/** Tells mergekit's configurations from our recipes and from other text, without reading them. */
export function looksLikeMergekit(text: string): boolean {
  return /^\s*["']?merge_method["']?\s*:/m.test(text);
}
