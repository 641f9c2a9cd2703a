/** Plain data that looks like the vision zoo, for component tests: no worker, no file, the same numbers every time. */
import type { Recipe, Role } from "#core/recipe/schema.ts";
import type { ExpertCard, LibraryCard, TaskCard, TensorCard } from "#core/summary.ts";

const fixtureBase = `sha256:${"0".repeat(64)}`;

export const fixtureSteps = [20, 40, 80, 160, 320, 640, 1280, 2560] as const;

const width = 64;

/** A repeatable number in 0…1 from a text: what stands for chance here. */
export function noise(text: string): number {
  let hash = 2166136261;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 16777619);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  hash = Math.imul(hash ^ (hash >>> 12), 0x297a2d39);
  return ((hash ^ (hash >>> 15)) >>> 0) / 0x1_0000_0000;
}

function layers(block: string): readonly (readonly [string, readonly number[], Role])[] {
  return [
    [`${block}.norm1.weight`, [width], "norm"],
    [`${block}.norm1.bias`, [width], "norm"],
    [`${block}.attn.qkv.weight`, [3 * width, width], "attention"],
    [`${block}.attn.qkv.bias`, [3 * width], "bias"],
    [`${block}.attn.proj.weight`, [width, width], "attention"],
    [`${block}.attn.proj.bias`, [width], "bias"],
    [`${block}.norm2.weight`, [width], "norm"],
    [`${block}.norm2.bias`, [width], "norm"],
    [`${block}.mlp.fc1.weight`, [4 * width, width], "mlp"],
    [`${block}.mlp.fc1.bias`, [4 * width], "bias"],
    [`${block}.mlp.fc2.weight`, [width, 4 * width], "mlp"],
    [`${block}.mlp.fc2.bias`, [width], "bias"],
  ];
}

/** A transformer's tensors in depth order: 5 outside the blocks and 12 in each; 4 blocks give the zoo's 53. */
export function fixtureTensors(blocks = 4): readonly TensorCard[] {
  const list: (readonly [string, readonly number[], Role])[] = [
    ["patch_embed.weight", [width, 49], "embedding"],
    ["patch_embed.bias", [width], "bias"],
    ["pos_embed", [16, width], "embedding"],
  ];
  for (let block = 0; block < blocks; block++) list.push(...layers(`blocks.${block}`));
  list.push(["norm.weight", [width], "norm"], ["norm.bias", [width], "norm"]);
  return list.map(([name, shape, role], index) => ({
    name,
    dtype: "f32",
    shape,
    count: shape.reduce((product, side) => product * side, 1),
    role,
    index,
    block: /^blocks\.\d+/.exec(name)?.[0] ?? "",
  }));
}

const classes: Readonly<Record<string, readonly string[]>> = {
  digits: [..."0123456789"],
  clothes: ["T-shirt", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "boot"],
  capitals: [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"],
  hiragana: [
    ..."あいうえおかきくけこさしすせそたちつてとなにぬねのはひふへほまみむめもやゆよらりるれろわをん",
  ],
};

export const fixtureTasks: readonly TaskCard[] = Object.entries(classes).map(([id, names]) => ({
  id,
  label: id,
  classes: names,
  chance: 1 / names.length,
  n: { validation: 1000, quick: 256, test: 2000, fewShot: 64 * names.length },
}));

export const fixtureExperts: readonly ExpertCard[] = fixtureTasks.map(({ id }) => ({
  id,
  label: id,
  task: id,
  source: "zoo",
  checkpoints: fixtureSteps.map((step) => ({ step, file: `experts/${id}/step-${step}.safetensors` })),
  warnings: [],
}));

/** The zoo's library; more blocks make a larger base. */
export function fixtureLibrary(blocks = 4): LibraryCard {
  const tensors = fixtureTensors(blocks);
  const parameters = tensors.reduce((sum, { count }) => sum + count, 0);
  return {
    suite: "vision",
    name: "Vision zoo",
    base: { id: fixtureBase, label: "ViT", parameters },
    tensors,
    tasks: fixtureTasks,
    experts: fixtureExperts,
  };
}

export const fixtureRecipe: Recipe = {
  version: 1,
  base: fixtureBase,
  seed: 0,
  outDtype: "f32",
  method: { id: "task-arithmetic", params: {} },
  sparsifiers: [{ id: "magnitude", enabled: true, params: { density: 0.2, scope: "tensor" } }],
  experts: fixtureExperts.map(({ id }) => ({ id, step: 320, enabled: true, weight: 1 })),
  lambda: 0.4,
  rules: [],
  locks: [],
  evidence: [],
};
