/** What the page is told of a library. */
import { depthOrder } from "../model/depth.ts";
import type { Checkpoint } from "../model/library.ts";
import type { ExpertCard, LibraryCard, TensorCard } from "../summary.ts";
import { sizeOf } from "../tensor/tensor.ts";
import type { ZooFamily } from "../zoo.ts";

/** Describes a family with its base, its experts, and those dropped in or trained. */
export function libraryCard(family: ZooFamily, base: Checkpoint, added: readonly ExpertCard[]): LibraryCard {
  const tensors = tensorCards(base);
  return {
    suite: family.id,
    name: family.name,
    base: {
      id: base.id,
      label: "Base",
      parameters: tensors.reduce((sum, { count }) => sum + count, 0),
      ...(base.repair && { repair: base.repair }),
    },
    tensors,
    tasks: family.tasks.map(({ id, label, classes, n }) => ({
      id,
      label,
      classes,
      chance: 1 / classes.length,
      n,
    })),
    experts: [...zooCards(family), ...added],
  };
}

/** From the input to the output; files sort by dtype and name, people think in depth. */
function tensorCards({ tensors }: Checkpoint): readonly TensorCard[] {
  const places = new Map(depthOrder(tensors.values()).map((place) => [place.name, place]));
  const cards = [...tensors.values()].map(({ name, dtype, shape }) => {
    const { role = "other", block = "", index = 0 } = places.get(name) ?? {};
    return { name, dtype, shape, count: sizeOf(shape), role, index, block };
  });
  return cards.sort((a, b) => a.index - b.index);
}

function zooCards({ experts }: ZooFamily): readonly ExpertCard[] {
  return experts.map(({ id, label, task, checkpoints }) => ({
    id,
    label,
    task,
    source: "zoo",
    checkpoints,
    warnings: [],
  }));
}
