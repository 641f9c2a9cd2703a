/** Where a method comes from and where we depart from it. */
export interface Source {
  /** "arXiv:2306.01708", or "doi:…" for what is older. */
  readonly paper: string;
  /** "3, eq. 2". */
  readonly section?: string;
  /** Public repository of the official code, with the file. */
  readonly code?: string;
  /** Departures and reconstructions, each a sentence that the user sees. */
  readonly deviations: readonly string[];
}

/** The card of a method or sparsifier. */
export interface Described {
  readonly id: string;
  readonly label: string;
  /** One plain sentence. */
  readonly summary: string;
  /** The formula in TeX; compiled to MathML at build time. */
  readonly formula: string;
  readonly source: Source;
  /** What it does with small and degenerate tensors, beyond what all do (edge-cases.ts): tested sentences for the user. */
  readonly edges?: readonly string[];
}
