/** All sparsifiers, in the order of the menu. */
import { breadcrumbs } from "./breadcrumbs.ts";
import { dare } from "./dare.ts";
import { della } from "./della.ts";
import { localize } from "./localize.ts";
import { magnitude } from "./magnitude.ts";
import { sensitivity } from "./sensitivity.ts";
import type { Sparsifier } from "./sparsifier.ts";
import { tadrop } from "./tadrop.ts";

export const sparsifiers: readonly Sparsifier[] = [
  magnitude,
  dare,
  tadrop,
  della,
  breadcrumbs,
  localize,
  sensitivity,
];
