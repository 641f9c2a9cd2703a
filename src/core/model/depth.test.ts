import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { depthOrder } from "./depth.ts";

/** Names with plausible ranks, shuffled by alphabet as a file would have them. */
function ordered(names: readonly string[]): string[] {
  const rank = (name: string) => (/conv|patch/.test(name) ? 4 : /(norm|ln|bn)|bias$/i.test(name) ? 1 : 2);
  const specs = names
    .toSorted()
    .map((name) => ({ name, dtype: "f32" as const, shape: Array(rank(name)).fill(2) }));
  return depthOrder(specs).map(({ name }) => name);
}

describe("depthOrder", () => {
  it.each([
    [
      "a vision transformer",
      [
        "cls_token",
        "patch_embed.proj.weight",
        "patch_embed.proj.bias",
        "pos_embed",
        ...[0, 2, 10].flatMap((i) =>
          [
            "norm1.weight",
            "norm1.bias",
            "attn.qkv.weight",
            "attn.qkv.bias",
            "attn.proj.weight",
            "norm2.weight",
            "mlp.fc1.weight",
            "mlp.fc2.weight",
          ].map((rest) => `blocks.${i}.${rest}`),
        ),
        "norm.weight",
        "norm.bias",
        "head.weight",
        "head.bias",
      ],
    ],
    [
      "BERT",
      [
        "bert.embeddings.LayerNorm.weight",
        "bert.embeddings.word_embeddings.weight",
        "bert.encoder.layer.2.attention.self.key.weight",
        "bert.encoder.layer.2.attention.self.query.weight",
        "bert.encoder.layer.2.attention.output.dense.weight",
        "bert.encoder.layer.2.attention.output.LayerNorm.weight",
        "bert.encoder.layer.2.intermediate.dense.weight",
        "bert.encoder.layer.10.attention.self.key.weight",
        "bert.pooler.dense.weight",
        "classifier.weight",
      ],
    ],
    [
      "an encoder and a decoder",
      [
        "shared.weight",
        "encoder.block.0.layer.0.SelfAttention.q.weight",
        "encoder.block.0.layer.1.DenseReluDense.wi.weight",
        "encoder.block.1.layer.0.SelfAttention.q.weight",
        "encoder.final_layer_norm.weight",
        "decoder.block.0.layer.0.SelfAttention.q.weight",
        "decoder.final_layer_norm.weight",
        "lm_head.weight",
      ],
    ],
    [
      "a residual network",
      [
        "bn1.weight",
        "conv1.weight",
        "layer1.0.conv1.weight",
        "layer1.0.bn1.weight",
        "layer1.0.conv2.weight",
        "layer1.0.bn2.weight",
        "layer1.1.conv1.weight",
        "layer2.0.conv1.weight",
        "fc.weight",
      ],
    ],
    ["a plain network", ["layers.0.weight", "layers.0.bias", "layers.2.weight", "layers.10.weight"]],
  ])("orders %s as it computes", (_, names) => {
    expect(ordered(names)).toEqual(names);
  });

  it("orders names that differ in case or leading zeros alike from any file", () => {
    expect(ordered(["t", "T", "layer01", "layer1"])).toEqual(ordered(["layer1", "layer01", "T", "t"]));
  });

  it("places every tensor once, whatever its name and the file's order", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string({ maxLength: 12 })), (names) => {
        const specs = names.map((name) => ({ name, dtype: "f32" as const, shape: [2] }));
        const places = depthOrder(specs);
        expect(places.map(({ index }) => index)).toEqual(names.map((_, i) => i));
        expect(new Set(places.map(({ name }) => name))).toEqual(new Set(names));
        expect(depthOrder(specs.toReversed())).toEqual(places);
      }),
    );
  });
});
