import { describe, expect, it } from "vitest";
import type { Role } from "../recipe/schema.ts";
import { blockOf, roleOf } from "./roles.ts";

/** name × shape → role, block; from state dicts of the libraries named. */
type Row = readonly [name: string, rank: number, role: Role, block: string];

const timmVit: Row[] = [
  ["cls_token", 3, "embedding", ""],
  ["pos_embed", 3, "embedding", ""],
  ["patch_embed.proj.weight", 4, "embedding", ""],
  ["patch_embed.proj.bias", 1, "bias", ""],
  ["blocks.0.norm1.weight", 1, "norm", "blocks.0"],
  ["blocks.0.norm1.bias", 1, "norm", "blocks.0"],
  ["blocks.0.attn.qkv.weight", 2, "attention", "blocks.0"],
  ["blocks.0.attn.qkv.bias", 1, "bias", "blocks.0"],
  ["blocks.11.attn.proj.weight", 2, "attention", "blocks.11"],
  ["blocks.11.attn.q_norm.weight", 1, "norm", "blocks.11"],
  ["blocks.11.mlp.fc1.weight", 2, "mlp", "blocks.11"],
  ["blocks.11.mlp.fc2.bias", 1, "bias", "blocks.11"],
  ["norm.weight", 1, "norm", ""],
  ["head.weight", 2, "head", ""],
  ["head.bias", 1, "head", ""],
];

const torchvisionVit: Row[] = [
  ["class_token", 3, "embedding", ""],
  ["conv_proj.weight", 4, "conv", ""],
  ["encoder.pos_embedding", 3, "embedding", ""],
  ["encoder.layers.encoder_layer_0.ln_1.weight", 1, "norm", "encoder.layers.encoder_layer_0"],
  [
    "encoder.layers.encoder_layer_0.self_attention.in_proj_weight",
    2,
    "attention",
    "encoder.layers.encoder_layer_0",
  ],
  ["encoder.layers.encoder_layer_0.self_attention.in_proj_bias", 1, "bias", "encoder.layers.encoder_layer_0"],
  ["encoder.layers.encoder_layer_11.mlp.0.weight", 2, "mlp", "encoder.layers.encoder_layer_11"],
  ["encoder.ln.bias", 1, "norm", ""],
  ["heads.head.weight", 2, "head", ""],
];

const bert: Row[] = [
  ["bert.embeddings.word_embeddings.weight", 2, "embedding", ""],
  ["bert.embeddings.position_embeddings.weight", 2, "embedding", ""],
  ["bert.embeddings.LayerNorm.weight", 1, "norm", ""],
  ["bert.encoder.layer.0.attention.self.query.weight", 2, "attention", "bert.encoder.layer.0"],
  ["bert.encoder.layer.0.attention.self.query.bias", 1, "bias", "bert.encoder.layer.0"],
  ["bert.encoder.layer.0.attention.output.dense.weight", 2, "attention", "bert.encoder.layer.0"],
  ["bert.encoder.layer.0.attention.output.LayerNorm.weight", 1, "norm", "bert.encoder.layer.0"],
  ["bert.encoder.layer.0.intermediate.dense.weight", 2, "mlp", "bert.encoder.layer.0"],
  ["bert.encoder.layer.10.output.dense.weight", 2, "mlp", "bert.encoder.layer.10"],
  ["cls.predictions.decoder.weight", 2, "head", ""],
  ["cls.predictions.transform.LayerNorm.weight", 1, "norm", ""],
  ["classifier.weight", 2, "head", ""],
  ["qa_outputs.bias", 1, "head", ""],
];

const t5: Row[] = [
  ["shared.weight", 2, "embedding", ""],
  ["encoder.block.0.layer.0.SelfAttention.q.weight", 2, "attention", "encoder.block.0"],
  ["encoder.block.0.layer.0.SelfAttention.relative_attention_bias.weight", 2, "attention", "encoder.block.0"],
  ["encoder.block.0.layer.0.layer_norm.weight", 1, "norm", "encoder.block.0"],
  ["encoder.block.0.layer.1.DenseReluDense.wi.weight", 2, "mlp", "encoder.block.0"],
  ["decoder.block.3.layer.1.EncDecAttention.o.weight", 2, "attention", "decoder.block.3"],
  ["decoder.final_layer_norm.weight", 1, "norm", ""],
  ["lm_head.weight", 2, "head", ""],
];

const gpt2: Row[] = [
  ["transformer.wte.weight", 2, "embedding", ""],
  ["transformer.wpe.weight", 2, "embedding", ""],
  ["transformer.h.0.ln_1.weight", 1, "norm", "transformer.h.0"],
  ["transformer.h.0.attn.c_attn.weight", 2, "attention", "transformer.h.0"],
  ["transformer.h.0.attn.c_proj.weight", 2, "attention", "transformer.h.0"],
  ["transformer.h.0.mlp.c_fc.weight", 2, "mlp", "transformer.h.0"],
  ["transformer.h.0.mlp.c_proj.bias", 1, "bias", "transformer.h.0"],
  ["transformer.ln_f.weight", 1, "norm", ""],
];

const resnet: Row[] = [
  ["conv1.weight", 4, "conv", ""],
  ["bn1.weight", 1, "norm", ""],
  ["bn1.running_var", 1, "norm", ""],
  ["bn1.num_batches_tracked", 0, "norm", ""],
  ["layer1.0.conv1.weight", 4, "conv", "layer1.0"],
  ["layer1.0.bn1.bias", 1, "norm", "layer1.0"],
  ["layer2.0.downsample.0.weight", 4, "conv", "layer2.0"],
  ["layer2.0.downsample.1.weight", 1, "norm", "layer2.0"],
  ["layer2.0.downsample.1.bias", 1, "norm", "layer2.0"],
  ["fc.weight", 2, "head", ""],
  ["fc.bias", 1, "head", ""],
];

const clip: Row[] = [
  ["logit_scale", 0, "other", ""],
  ["text_projection.weight", 2, "head", ""],
  ["visual_projection.weight", 2, "head", ""],
  ["text_model.embeddings.token_embedding.weight", 2, "embedding", ""],
  ["text_model.encoder.layers.0.self_attn.k_proj.weight", 2, "attention", "text_model.encoder.layers.0"],
  ["text_model.encoder.layers.0.self_attn.out_proj.bias", 1, "bias", "text_model.encoder.layers.0"],
  ["text_model.final_layer_norm.weight", 1, "norm", ""],
  ["vision_model.embeddings.class_embedding", 1, "embedding", ""],
  ["vision_model.embeddings.patch_embedding.weight", 4, "embedding", ""],
  ["vision_model.pre_layrnorm.weight", 1, "norm", ""], // sic
  ["vision_model.encoder.layers.11.mlp.fc1.weight", 2, "mlp", "vision_model.encoder.layers.11"],
  ["visual.transformer.resblocks.2.attn.in_proj_weight", 2, "attention", "visual.transformer.resblocks.2"],
  ["visual.ln_post.weight", 1, "norm", ""],
];

const llama: Row[] = [
  ["model.embed_tokens.weight", 2, "embedding", ""],
  ["model.layers.3.input_layernorm.weight", 1, "norm", "model.layers.3"],
  ["model.layers.3.self_attn.q_proj.weight", 2, "attention", "model.layers.3"],
  ["model.layers.3.mlp.gate_proj.weight", 2, "mlp", "model.layers.3"],
];

const others: Row[] = [
  ["onnx::MatMul_123", 2, "other", ""],
  ["onnx::Conv_7", 4, "conv", ""],
  ["fc1.weight", 2, "mlp", ""],
  ["layers.0.weight", 2, "mlp", "layers.0"],
  ["features.3.weight", 4, "conv", "features.3"],
  ["features.1.weight", 1, "norm", "features.1"], // a scale: the batch norm of a Sequential
  ["classifier.6.weight", 2, "head", "classifier.6"],
  ["0.weight", 2, "mlp", "0"],
  ["stages.1.blocks.0.conv_dw.weight", 4, "conv", "stages.1"],
  ["layer3.conv.weight", 4, "conv", "layer3"],
  ["", 1, "other", ""],
];

describe.each(Object.entries({ timmVit, torchvisionVit, bert, t5, gpt2, resnet, clip, llama, others }))(
  "names of %s",
  (_, rows) => {
    it.each(rows)("%s", (name, rank, role, block) => {
      expect(roleOf({ name, shape: Array(rank).fill(4) })).toBe(role);
      expect(blockOf(name)).toBe(block);
    });
  },
);
