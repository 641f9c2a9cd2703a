/**
 * What happens with small and degenerate tensors, whatever the method: sentences that every card shows, before its own
 * (`Described.edges`). Each is a case of merge/degenerate.test.ts, for all methods and all sparsifiers.
 */
export const methodEdges: readonly string[] = [
  "A tensor without entries stays empty; one with a single entry is merged like any other.",
  "Integers and booleans, such as counters, are the base's, whatever the experts hold.",
  "Tensors that are equal bit for bit in the base and in every expert (tied embeddings) are merged once and stay equal, unless a rule treats them apart.",
  "Where no expert differs from the base, the base comes out; an expert that does not differ takes part with a change of 0.",
  "Where all weights are 0, the base stays bit for bit.",
  "NaN and infinity are counted when a file is opened: it is refused, or 0 or the base's value stands in. No merge sees one.",
];

export const sparsifierEdges: readonly string[] = [
  "A tensor without entries stays empty, and a task vector of zeros stays all zero, at any density.",
  "Density 1 keeps every entry as it is. Density 0 leaves the base, but for what is said of single entries.",
  "Tied tensors are sparsified once and stay equal.",
];
