/** Checks what a file or a recipe says about evidence. */
import { z } from "zod";
import { type EvidenceAbout, evidenceKinds } from "../model/evidence.ts";
import { contentId, expertId } from "../recipe/schema.ts";

export const evidenceAbout = z.strictObject({
  kind: z.enum(evidenceKinds),
  expert: expertId,
  checkpoint: contentId,
  base: contentId,
  step: z.int().min(0).exactOptional(),
  task: z.string().max(200),
  examples: z.int().min(0),
  options: z.record(z.string().max(100), z.union([z.number(), z.string().max(1000), z.boolean()])).readonly(),
  inputsFirst: z.array(z.string().max(1000)).max(20_000).readonly().exactOptional(),
}) satisfies z.ZodType<EvidenceAbout>;
