/** The files that describe a family, written for the page and checked by its own schemas. */
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { z } from "zod";
import { openZooFolder } from "../../cli/zoo-folder.ts";
import { contentIdOf } from "../../src/core/model/content-id.ts";
import { type ZooFamily, zooFamily, zooIndex } from "../../src/core/zoo.ts";

/** A source of data, as the card names it. */
export interface DataSource {
  readonly name: string;
  readonly licence: string;
  readonly url: string;
}

/** What a card says of a family before it is measured; measure.ts adds the rest. */
export interface CardHead {
  readonly name: string;
  readonly parameters: number;
  readonly sources: readonly DataSource[];
  /** Of training. */
  readonly seed: number;
  /** The recipe of training in a sentence, for whoever reads the file. */
  readonly training: string;
  /** Of sparse experts: weights that each may change, and the mean Jaccard index of two experts' choices. */
  readonly masks?: { readonly weights: readonly number[]; readonly jaccard: number };
}

export const TRAINED_BY = "Kintsugi";

export async function writeFamily(folder: string, family: z.input<typeof zooFamily>): Promise<void> {
  zooFamily.parse(family);
  await writeJson(join(folder, "family.json"), family);
}

export async function writeCard(folder: string, head: CardHead, tasks: ZooFamily["tasks"]): Promise<void> {
  await writeJson(join(folder, "card.json"), {
    name: head.name,
    parameters: head.parameters,
    sources: head.sources,
    tasks: tasks.map(({ id, classes, n: { test, validation, fewShot } }) => ({
      id,
      classes: classes.length,
      test,
      validation,
      fewShot,
    })),
    trainedBy: TRAINED_BY,
    training: head.training,
    seed: head.seed,
    ...(head.masks && { masks: head.masks }),
  });
}

/** Lists the families with the content of their bases, in the order that the page offers them; their files are there. */
export async function writeIndex(
  zoo: string,
  families: readonly { readonly id: string; readonly name: string }[],
): Promise<void> {
  const entries: z.input<typeof zooIndex>["families"] = [];
  for (const { id, name } of families) {
    const { family, open } = await openZooFolder(join(zoo, id));
    entries.push({ id, path: `${id}/`, name, base: await contentIdOf(await open(family.base)) });
  }
  const index = { version: 1, families: entries };
  zooIndex.parse(index);
  await writeJson(join(zoo, "index.json"), index);
}

export async function writeJson(path: string, value: unknown): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `${JSON.stringify(value, null, 1)}\n`);
}
