/** MathML markup by id of method or sparsifier, compiled from the cards' TeX by scripts/formulas.mjs. */
declare module "virtual:formulas" {
  export const formulas: Readonly<Record<string, string>>;
}
