/** What the open zoo says of itself: how its models were made and what they measured. Fetched once, when asked for. */
import { z } from "zod";
import { parseZooJson, zooCard } from "#core/zoo.ts";
import { familyAddress } from "./flow/families.ts";

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

const cards = new Map<string, Promise<ShownZooCard | undefined>>();

/** Reads the card of a zoo's family; undefined where it is missing or damaged. One fetch, one promise. */
export function zooCardOf(family: string): Promise<ShownZooCard | undefined> {
  const card = cards.get(family) ?? read(familyAddress(family, FILE));
  cards.set(family, card);
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
