/** Experts that were made in the same way for several tasks: what is compared with what. */
import type { ExpertId } from "#core/recipe/schema.ts";
import type { ExpertCard, LibraryCard } from "#core/summary.ts";

export interface ExpertSet {
  /** What their ids have beside their tasks: "dense" of "digits-dense"; "" for ids that are the tasks'. */
  readonly id: string;
  /** What all their labels end with in brackets, or the id. */
  readonly label: string;
  /** One for each task, in the library's order; two at least. */
  readonly experts: readonly ExpertId[];
}

/** The library's sets. An expert whose id does not begin with its task's belongs to none. */
export function expertSets({ experts }: LibraryCard): readonly ExpertSet[] {
  const groups = new Map<string, ExpertCard[]>();
  for (const card of experts) {
    const id = tagOf(card);
    if (id === undefined) continue;
    const group = groups.get(id) ?? [];
    groups.set(id, group.some(({ task }) => task === card.task) ? group : [...group, card]);
  }
  return [...groups].flatMap(([id, cards]) =>
    cards.length < 2 ? [] : [{ id, label: labelOf(cards) ?? id, experts: cards.map((card) => card.id) }],
  );
}

function tagOf({ id, task }: ExpertCard): string | undefined {
  if (task === undefined || !id.startsWith(task)) return undefined;
  return id.slice(task.length).replace(/^[-._]/, "");
}

function labelOf(cards: readonly ExpertCard[]): string | undefined {
  const [first, ...others] = cards.map(({ label }) => /\(([^()]+)\)\s*$/.exec(label)?.[1]);
  return first !== undefined && others.every((one) => one === first) ? first : undefined;
}
