/** A well-known combination of sparsifiers and a method, under the name that people know it by; the list is in catalog.ts. */
import type { Params } from "./schema.ts";

export interface Preset {
  readonly id: string;
  readonly label: string;
  /** One plain sentence. */
  readonly summary: string;
  readonly method: { readonly id: string; readonly params: Params };
  /** The chain, all enabled; parameters left out take their defaults. */
  readonly sparsifiers: readonly { readonly id: string; readonly params: Params }[];
  /** Absent = the method's default. */
  readonly lambda?: number;
}
