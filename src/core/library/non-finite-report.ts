import { z } from "zod";

/** What the details of an error model/non-finite say. */
const schema = z.object({
  nan: z.number(),
  infinite: z.number(),
  /** Tensors in which there are any, and the first of them with their counts: "fc.weight: 3 NaN / 1,024". */
  count: z.number(),
  tensors: z.array(z.string()),
});
export type NonFiniteReport = z.infer<typeof schema>;

/** Reads the details; undefined for those of anything else. */
export function nonFiniteReport(details: unknown): NonFiniteReport | undefined {
  return schema.safeParse(details).data;
}
