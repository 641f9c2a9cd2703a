/** Where a merged file comes from, and which of its parents are in the library. */
import type { Checkpoint } from "../model/library.ts";
import type { OpenExpert } from "../recipe/find-experts.ts";
import type { ContentId, ExpertId } from "../recipe/schema.ts";
import type { RecipeInputs } from "../recipe/share.ts";
import type { Ancestry, AncestryExpert, ExpertCard } from "../summary.ts";
import type { Ancestors } from "./ancestors.ts";
import type { Made } from "./made.ts";
import type { StoredLibrary } from "./merged-weights.ts";
import type { Provenance } from "./provenance.ts";

/** A library whose experts can be listed. */
export interface ListedLibrary extends StoredLibrary {
  card(): { readonly experts: readonly ExpertCard[] };
}

/** A parent as the file names it. */
interface Wanted {
  readonly id: ExpertId;
  readonly step: number;
  readonly content: ContentId;
}

export interface Parent {
  readonly expert: ExpertId;
  readonly step: number;
  readonly checkpoint: Checkpoint;
}

/**
 * Describes a merge and looks for its parents; checkpoints of the right step are read for it, where need be. Parents that
 * are merges themselves are described in turn, each content once.
 */
export function ancestryOf(made: Provenance, library: ListedLibrary): Promise<Ancestry> {
  return describe(made, { library, ancestors: made.ancestors ?? new Map(), told: new Set([made.output]) });
}

interface Tree {
  readonly library: ListedLibrary;
  readonly ancestors: Ancestors;
  /** Contents that are described already: files may claim circles. */
  readonly told: Set<ContentId>;
}

async function describe(made: Made, tree: Tree): Promise<Ancestry> {
  const { recipe, inputs, output, expert, task, names } = made;
  const { library } = tree;
  const common = async (content: ContentId, here?: Parent) => {
    const by = inputs.repairs?.find((repair) => repair.id === content)?.by;
    const own = await ancestryIn(tree, content, here);
    return { content, ...(by && { repairedBy: by }), ...(own && { made: own }) };
  };
  const experts: AncestryExpert[] = [];
  for (const [id, { step, id: content }] of Object.entries(inputs.experts)) {
    const parent = await findParent(library, { id, step, content });
    experts.push({
      id,
      step,
      ...(names?.experts[id] !== undefined && { file: names.experts[id] }),
      ...(await common(content, parent)),
      ...(parent && { here: { expert: parent.expert, step: parent.step } }),
    });
  }
  return {
    recipe,
    output,
    ...(expert !== undefined && { expert }),
    ...(task !== undefined && { task }),
    base: {
      isHere: library.base.id === inputs.base,
      ...(await common(inputs.base)),
      ...(names && { file: names.base }),
    },
    experts,
    hasNames: names !== undefined,
  };
}

/** How a parent was made, as the merged file tells, or else the parent's own file here. */
async function ancestryIn(
  { library, ancestors, told }: Tree,
  content: ContentId,
  here: Parent | undefined,
): Promise<Ancestry | undefined> {
  if (told.has(content)) return undefined;
  const own = here && library.madeOf?.(here.expert, here.step);
  const made = ancestors.get(content) ?? own;
  if (!made) return undefined;
  told.add(content);
  return describe(made, { library, ancestors: new Map([...(own?.ancestors ?? []), ...ancestors]), told });
}

/** The library's checkpoint of that content: under its own id, one whose content is known, or one of the same step. */
export async function findParent(library: ListedLibrary, wanted: Wanted): Promise<Parent | undefined> {
  for (const { expert, step } of candidates(library.card().experts, wanted)) {
    const checkpoint = await library.expert(expert)?.checkpoint(step);
    if (checkpoint?.id === wanted.content) return { expert, step, checkpoint };
  }
  return undefined;
}

/** The library's experts of the contents that a recipe was computed from, whatever they are called here. */
export async function findByContent(
  library: ListedLibrary,
  { base, experts }: RecipeInputs,
): Promise<readonly OpenExpert[]> {
  if (library.base.id !== base) return [];
  const found: OpenExpert[] = [];
  for (const [id, { step, id: content }] of Object.entries(experts)) {
    const parent = await findParent(library, { id, step, content });
    if (parent) found.push({ id: parent.expert, checkpoints: [{ id: content, step: parent.step }] });
  }
  return found;
}

/** Most likely first; a file without a step in its name stands under step 0. */
function candidates(
  experts: readonly ExpertCard[],
  { id, step, content }: Wanted,
): readonly { readonly expert: ExpertId; readonly step: number }[] {
  const all = experts.flatMap((expert) =>
    expert.checkpoints.map((checkpoint) => ({ ...checkpoint, expert: expert.id, content: checkpoint.id })),
  );
  const known = all.filter((one) => one.content === content);
  const open = all.filter((one) => one.content === undefined && (one.step === step || one.expert === id));
  const rank = (one: (typeof all)[number]) => Number(one.expert !== id) * 2 + Number(one.step !== step);
  return [...known, ...open.toSorted((a, b) => rank(a) - rank(b))];
}
