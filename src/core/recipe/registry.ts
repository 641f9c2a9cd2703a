/** Where recipes look up what they name. Injected, so that tests can bring methods of their own. */
import { AppError } from "../errors.ts";
import { methods } from "../methods/index.ts";
import type { MergeMethod } from "../methods/method.ts";
import { sparsifiers } from "../sparsifiers/index.ts";
import type { Sparsifier } from "../sparsifiers/sparsifier.ts";
import { nearest } from "./nearest.ts";

export interface Registry {
  readonly methods: readonly MergeMethod[];
  readonly sparsifiers: readonly Sparsifier[];
}

/** All methods and sparsifiers of this version. */
export const builtIn: Registry = { methods, sparsifiers };

/** The method of this id. @throws AppError recipe/unknown-method with the nearest known id */
export function findMethod(registry: Registry, id: string): MergeMethod {
  const found = registry.methods.find((method) => method.id === id);
  if (found) return found;
  const known = registry.methods.map((method) => method.id);
  throw new AppError(
    "recipe/unknown-method",
    `This version has no merge method “${id}”.${suggestion(id, known)}`,
    { id, known },
  );
}

/** The sparsifier of this id. @throws AppError recipe/unknown-sparsifier with the nearest known id */
export function findSparsifier(registry: Registry, id: string): Sparsifier {
  const found = registry.sparsifiers.find((sparsifier) => sparsifier.id === id);
  if (found) return found;
  const known = registry.sparsifiers.map((sparsifier) => sparsifier.id);
  throw new AppError(
    "recipe/unknown-sparsifier",
    `This version has no sparsifier “${id}”.${suggestion(id, known)}`,
    { id, known },
  );
}

function suggestion(word: string, known: readonly string[]): string {
  const near = nearest(word, known);
  return near === undefined ? ` It has: ${known.join(", ")}.` : ` Did you mean “${near}”?`;
}
