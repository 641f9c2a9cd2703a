/** The network's sizes and its 53 parameters, [out, in] as in PyTorch. */
const dim = 64;
const depth = 4;
const patch = 7;
const tokens = (28 / patch) ** 2;

const shapes = {
  "patch_embed.weight": [dim, patch * patch],
  "patch_embed.bias": [dim],
  pos_embed: [tokens, dim],
};
for (let i = 0; i < depth; i++) {
  const block = `blocks.${i}`;
  Object.assign(shapes, layer(`${block}.norm1`, dim));
  Object.assign(shapes, layer(`${block}.attn.qkv`, 3 * dim, dim), layer(`${block}.attn.proj`, dim, dim));
  Object.assign(shapes, layer(`${block}.norm2`, dim));
  Object.assign(shapes, layer(`${block}.mlp.fc1`, 4 * dim, dim), layer(`${block}.mlp.fc2`, dim, 4 * dim));
}
Object.assign(shapes, layer("norm", dim));

export const network = { dim, depth, patch, tokens, heads: 4, shapes };

function layer(name, out, into) {
  return { [`${name}.weight`]: into ? [out, into] : [out], [`${name}.bias`]: [out] };
}
