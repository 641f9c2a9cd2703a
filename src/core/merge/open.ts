/** The checkpoints behind a recipe, and which of the base's tensors they have. */
import { AppError } from "../errors.ts";
import type { Checkpoint, ModelLibrary } from "../model/library.ts";
import type { ExpertId, Recipe } from "../recipe/schema.ts";
import type { TensorSpec } from "../tensor/tensor.ts";

/** The checkpoints that a recipe names. */
export interface Opened {
  /** Enabled experts, in the recipe's order. */
  readonly enabled: readonly { readonly id: ExpertId; readonly checkpoint: Checkpoint }[];
  /** Those and the experts that tensors are kept from. */
  readonly all: ReadonlyMap<ExpertId, Checkpoint>;
}

/** Opens what the recipe names. @throws AppError recipe/wrong-base, recipe/unknown-expert, recipe/unknown-checkpoint */
export async function openExperts(recipe: Recipe, library: ModelLibrary): Promise<Opened> {
  if (recipe.base !== library.base.id) {
    throw new AppError(
      "recipe/wrong-base",
      "The recipe was made for another base. Open the family that it names.",
      {
        expected: recipe.base,
        open: library.base.id,
      },
    );
  }
  const kept = new Set(recipe.rules.map((rule) => rule.keep));
  const all = new Map<ExpertId, Checkpoint>();
  for (const { id, step, enabled } of recipe.experts) {
    if (!enabled && !kept.has(id)) continue;
    const model = library.expert(id);
    const last = model?.steps.at(-1);
    if (!model || last === undefined) {
      throw new AppError(
        "recipe/unknown-expert",
        `The recipe asks for the expert “${id}”. Open its file first.`,
        {
          expert: id,
        },
      );
    }
    all.set(id, await model.checkpoint(step ?? last));
  }
  const enabled = recipe.experts.flatMap(({ id, enabled: takesPart }) => {
    const checkpoint = takesPart ? all.get(id) : undefined;
    return checkpoint ? [{ id, checkpoint }] : [];
  });
  return { enabled, all };
}

/** Whether the checkpoint has this tensor with the base's shape. */
export function has(checkpoint: Checkpoint, { name, shape }: TensorSpec): boolean {
  const other = checkpoint.tensors.get(name)?.shape;
  return other?.length === shape.length && shape.every((dimension, i) => dimension === other[i]);
}
