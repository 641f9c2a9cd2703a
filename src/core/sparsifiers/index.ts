/** All sparsifiers, in the order of the menu. */
import { dare } from "./dare.ts";
import { localize } from "./localize.ts";
import { magnitude } from "./magnitude.ts";
import { sensitivity } from "./sensitivity.ts";
import type { Sparsifier } from "./sparsifier.ts";
import { tadrop } from "./tadrop.ts";

export const sparsifiers: readonly Sparsifier[] = [magnitude, dare, tadrop, localize, sensitivity];
