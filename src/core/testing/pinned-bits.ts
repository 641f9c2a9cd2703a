/** What `kernelBits` gives on every runtime. */
export const PINNED_BITS: Readonly<Record<string, string>> = {
  axpy: "347444ff45c40af8",
  conflicts: "cef7c2bc158726c8",
  delta: "c828e4accf57fd11",
  digits: "6306a8c999ade1a4",
  drop: "174262cc4030222c",
  fromHalf: "ba542533e181b97f",
  gram: "5d4b6918d8a14af2",
  histogram: "f61389b761beea89",
  norms: "9183390eab64f519",
  quantiles: "ddef428172102b7f",
  ranks: "a9fe5d2639611057",
  select: "0f06fa2f40c577b8",
  stitch: "fbca50b0dc1247b0",
  ties: "16a7c4e426cfe690",
  trim: "53124263165c4e30",
  weightedSum: "04b93b505856abbe",
};
