/**
 * Recipe v1: the whole merge as small JSON. It is the undo stack, the URL, the file and the cache key.
 *
 * A recipe is total: whatever a default decided is written in it, so that a later change of a default
 * changes no saved merge.
 */
import { z } from "zod";
import { evidenceKinds } from "../model/evidence.ts";

/** Identifies an expert across stop steps: a slug, so that random masks do not change when the step does. */
export const expertId = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, "a slug of a-z, 0-9, dot, dash, underscore");

/** "sha256:…" over the sorted (name, dtype, shape, SHA-256 of bytes) of a model's tensors. */
export const contentId = z.string().regex(/^sha256:[0-9a-f]{64}$/, "sha256: and 64 hex digits");

export const roles = ["attention", "mlp", "norm", "embedding", "conv", "bias", "head", "other"] as const;
export type Role = (typeof roles)[number];

const params = z.record(z.string(), z.union([z.number(), z.boolean(), z.string()]));

/**
 * One override: later rules win. `set` keys: lambda, weight, density, or "<sparsifier id>.<param>".
 * λ and keep belong to the tensor, so `experts` does not limit them.
 */
export const rule = z.strictObject({
  /** All given conditions must hold; none given matches every tensor. */
  match: z.strictObject({
    /** Glob over tensor names: * any run but a dot, ** any run, ? one character, \ takes the next one literally. */
    glob: z.string().min(1).max(500).optional(),
    role: z.enum(roles).optional(),
    /** Exactly these tensors: what an edit by hand writes, so that a bulk edit is one rule. */
    names: z.array(z.string().max(1000)).min(1).max(20_000).optional(),
  }),
  /** Only these experts; absent = all. */
  experts: z.array(expertId).min(1).max(64).optional(),
  set: z.record(z.string(), z.union([z.number(), z.boolean(), z.string()])).default({}),
  /** Leave the matched tensors at base, or take them whole from one expert. */
  keep: z.union([z.literal("base"), expertId]).optional(),
});

export const outDtypes = ["f32", "f16", "bf16", "base"] as const;

export const recipe = z.strictObject({
  version: z.literal(1),
  base: contentId,
  seed: z.int().min(0).max(0xffff_ffff),
  /** What the merged tensors are rounded to, in evaluation and in the saved file alike. */
  outDtype: z.enum(outDtypes),
  method: z.strictObject({ id: z.string(), params }),
  /** Applied in order to every expert's task vector. */
  sparsifiers: z.array(z.strictObject({ id: z.string(), enabled: z.boolean(), params })).max(8),
  experts: z
    .array(
      z.strictObject({
        id: expertId,
        /** Optimiser step of the chosen checkpoint; absent = the last one. */
        step: z.int().min(0).optional(),
        enabled: z.boolean(),
        weight: z.number().min(-2).max(2),
      }),
    )
    .max(64),
  lambda: z.number().min(-2).max(2),
  rules: z.array(rule).max(5000),
  /** Tensors that bulk edits, resets and a sparsifier's budget match leave alone. */
  locks: z.array(z.string().max(1000)).max(20_000).default([]),
  /** What data said about the experts, by content: at most one of each kind for each of them. */
  evidence: z
    .array(z.strictObject({ kind: z.enum(evidenceKinds), expert: expertId, id: contentId }))
    .max(64 * evidenceKinds.length)
    .default([]),
});

export type Recipe = z.infer<typeof recipe>;
export type Rule = z.infer<typeof rule>;
export type RecipeExpert = Recipe["experts"][number];
export type SparsifierUse = Recipe["sparsifiers"][number];
export type Params = Readonly<Record<string, number | boolean | string>>;
export type ExpertId = string;
export type ContentId = string;
