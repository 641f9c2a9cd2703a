/**
 * What a tensor does and which block it belongs to, read from its name and shape.
 *
 * Names are those of PyTorch, Hugging Face, timm, torchvision and what exporters make of them. The guess steers
 * defaults and colours only; a rule can always name tensors itself.
 */
import type { Role } from "../recipe/schema.ts";
import type { TensorSpec } from "../tensor/tensor.ts";

/**
 * Patterns over one dot-separated part of a name in lower case; the first role with a matching part wins. Norms and
 * heads come before biases, so that theirs stay with them; what the attention of a block computes comes before what
 * its parts are called.
 */
const partPatterns: readonly (readonly [Role, RegExp])[] = [
  ["norm", /norm|^ln(_|\d|$)|^[bg]n_?\d*$|^running_(mean|var)$|^num_batches_tracked$/],
  [
    "head",
    /^(heads?|(mlp|lm|classification)_head|head_dist|fc|classifier|cls|score|logits|qa_outputs|(visual|text|output)_projection)$/,
  ],
  ["bias", /(^|_)(bias|beta|b)$|^bias_[ih]h_l\d+/],
  [
    "attention",
    /att(n|ention)|^([qkv]|qkv|query|key|value|query_key_value)(_proj)?$|^in_proj_weight$|^out_proj$/,
  ],
  ["embedding", /embed|^(wte|wpe|shared)$|^(cls|class|dist|mask|reg|register)_tokens?$/],
  ["conv", /conv|^stem$|^downsample$/],
  [
    "mlp",
    /mlp|ffn|feed_?forward|densereludense|^intermediate$|^experts?$|^fc_?\d|^c_fc$|^w[io](_\d)?$|^linear_?\d*$|^(up|gate|down)_proj$|^dense/,
  ],
];

/** Batch norms that are numbers in a Sequential: the second part of a ResNet's shortcut. */
const SHORTCUT_NORM = /(^|\.)downsample\.1\./;
/** Names that exporters invent: they say nothing of the tensor. */
const ANONYMOUS = /^(onnx::\w+_\d+|.*constant.*|\d+)$/;

/** The role of a tensor: by its name and, where that says nothing, by its rank. */
export function roleOf({ name, shape }: Pick<TensorSpec, "name" | "shape">): Role {
  const lower = name.toLowerCase();
  if (SHORTCUT_NORM.test(lower)) return "norm";
  const parts = lower.split(/[./]/);
  for (const [role, pattern] of partPatterns) {
    // A head stands before any number: "fc" inside a block is a layer of its MLP.
    const searched = role === "head" ? beforeNumber(parts) : role === "bias" ? parts.slice(-1) : parts;
    if (searched.some((part) => pattern.test(part))) return role;
  }
  return roleOfRank(lower, shape.length);
}

function beforeNumber(parts: readonly string[]): readonly string[] {
  const number = parts.findIndex((part) => /^\d+$/.test(part));
  return number < 0 ? parts : parts.slice(0, number);
}

function roleOfRank(lower: string, rank: number): Role {
  if (rank >= 3) return "conv";
  if (ANONYMOUS.test(lower)) return "other";
  if (rank === 2) return "mlp";
  return rank === 1 && /(weight|gamma|scale)$/.test(lower) ? "norm" : "other";
}

/**
 * The block that a tensor belongs to: its name up to the first number ("blocks.2", "layer1.0",
 * "encoder.layers.encoder_layer_0") or, where it has none, up to a numbered word ("layer3"); "" outside all blocks.
 */
export function blockOf(name: string): string {
  const parts = name.split(".");
  const inner = parts.slice(0, -1);
  const number = inner.findIndex((part) => /^(\w+_layer_)?\d+$/.test(part));
  const at = number >= 0 ? number : inner.findIndex((part) => /^(layer|block|stage)_?\d+$/i.test(part));
  return parts.slice(0, at + 1).join(".");
}
