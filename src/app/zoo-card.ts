/** What the open zoo says of itself: how its models were made and what they measured. Fetched once, when asked for. */
import { z } from "zod";
import { parseZooJson, zooCard } from "#core/zoo.ts";

const FILE = "card.json";
const share = z.number().min(-1).max(1);

const shownCard = zooCard.extend({
  name: z.string(),
  parameters: z.int().positive(),
  sources: z.array(z.object({ name: z.string(), licence: z.string(), url: z.url({ protocol: /^https?$/ }) })),
  measured: zooCard.shape.measured.extend({ base: z.number().min(0).max(1) }),
  /** Per training seed: by how much the best merge falls from its peak to the last step, with a paired interval. */
  seeds: z
    .array(
      z.object({
        seed: z.int(),
        shipped: z.boolean(),
        peakStep: z.int(),
        fall: share,
        ci95: z.tuple([share, share]),
      }),
    )
    .default([]),
});

export type ShownZooCard = z.infer<typeof shownCard>;

let card: Promise<ShownZooCard | undefined> | undefined;

/** Reads the card of the vision zoo; undefined where it is missing or damaged. One fetch, one promise. */
export function zooCardOfApp(): Promise<ShownZooCard | undefined> {
  card ??= read(new URL(`zoo/vision/${FILE}`, document.baseURI).href);
  return card;
}

async function read(url: string): Promise<ShownZooCard | undefined> {
  try {
    const response = await fetch(url);
    return response.ok ? parseZooJson(shownCard, await response.text(), FILE) : undefined;
  } catch {
    // The page works without it; the section says that the card could not be read.
    return undefined;
  }
}
