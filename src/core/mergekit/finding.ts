/** What a translation between our recipes and mergekit's could not do, or does otherwise. */
export interface Finding {
  /** "error": the translation is not made. "differs": it is made, and the other tool computes something else. "ignored": it changes no number. */
  readonly severity: "error" | "differs" | "ignored";
  /** Line of the YAML, from 1; absent when the finding is about a recipe. */
  readonly line?: number;
  /** Where: "models.1.parameters.density", or a part of the recipe. */
  readonly path: string;
  /** One plain sentence. */
  readonly message: string;
}
