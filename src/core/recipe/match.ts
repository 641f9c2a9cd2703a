/** Finds the tensors that a rule's match names. Built once per list of tensors; what a glob matched is remembered. */
import { compileGlob } from "./glob.ts";
import type { Role, Rule } from "./schema.ts";

/** What rules can tell tensors apart by. */
export interface Matchable {
  readonly name: string;
  readonly role: Role;
}

/** Indices into the list of tensors, ascending; read-only. */
export type Matcher = (match: Rule["match"]) => readonly number[];

/** Globs remembered per list of tensors, before all are forgotten: every keystroke in a rule's field is one. */
const MAX_GLOBS = 4096;

/** A matcher over these tensors, whose names must differ. */
export function createMatcher(tensors: readonly Matchable[]): Matcher {
  const indices = new Map(tensors.map(({ name }, i) => [name, i]));
  const everything = tensors.map((_, i) => i);
  const byRole = new Map<Role, number[]>();
  tensors.forEach(({ role }, i) => {
    const members = byRole.get(role);
    if (members) members.push(i);
    else byRole.set(role, [i]);
  });
  const byGlob = new Map<string, readonly number[]>();

  function globbed(glob: string): readonly number[] {
    const known = byGlob.get(glob);
    if (known) return known;
    if (byGlob.size >= MAX_GLOBS) byGlob.clear();
    const matches = compileGlob(glob);
    const found = everything.filter((i) => matches(tensors[i].name));
    byGlob.set(glob, found);
    return found;
  }

  return ({ names, glob, role }) => {
    let found: readonly number[] = everything;
    if (names) found = indicesOf(names, indices);
    else if (glob !== undefined) found = globbed(glob);
    else if (role) found = byRole.get(role) ?? [];

    if (names && glob !== undefined) found = intersect(found, globbed(glob));
    return role && (names || glob !== undefined) ? found.filter((i) => tensors[i].role === role) : found;
  };
}

function indicesOf(names: readonly string[], indices: ReadonlyMap<string, number>): readonly number[] {
  const found = new Set<number>();
  for (const name of names) {
    const index = indices.get(name);
    if (index !== undefined) found.add(index);
  }
  return [...found].sort((a, b) => a - b);
}

function intersect(some: readonly number[], others: readonly number[]): readonly number[] {
  const set = new Set(others);
  return some.filter((i) => set.has(i));
}
