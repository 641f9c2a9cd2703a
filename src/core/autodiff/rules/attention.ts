/**
 * Attention as one operator, which onnxruntime's optimiser makes: refused by name. What PyTorch exports is made of
 * MatMul, Softmax and the like, and needs no rule of its own.
 */
import type { OpRule } from "../rule.ts";
import { unsupported } from "../unsupported.ts";

export const attention: readonly OpRule[] = [
  {
    ops: [
      "Attention",
      "com.microsoft:Attention",
      "com.microsoft:MultiHeadAttention",
      "com.microsoft:GroupQueryAttention",
      "com.microsoft:DecoderMaskedMultiHeadAttention",
      "com.microsoft:PackedAttention",
      "com.microsoft:PackedMultiHeadAttention",
      "com.microsoft:QAttention",
    ],
    infer(node) {
      throw unsupported(
        node,
        "is attention fused by an optimiser, which cannot be differentiated here; take the model as it was exported",
      );
    },
  },
];
