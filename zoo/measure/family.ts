/** Measures a shipped family and writes what the page shows of it: results.json, and the numbers of card.json. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { zooCard } from "../../src/core/zoo.ts";
import { writeJson } from "../ship/family.ts";
import { measuredOf, measureFall, measureSteps, numbersOf, round } from "./card.ts";
import { firstResults } from "./first-results.ts";
import { Meter } from "./meter.ts";

const head = z.looseObject({ seed: z.int().optional() });

/** @param folder of the family */
export async function measureFamily(folder: string): Promise<void> {
  const meter = await Meter.open(folder);
  await writeFile(join(folder, "results.json"), `${JSON.stringify(await firstResults(meter))}\n`);
  const path = join(folder, "card.json");
  const old = head.parse(JSON.parse(await readFile(path, "utf8")));
  const numbers = await measureSteps(meter);
  const card = {
    ...old,
    measured: await measuredOf(meter, numbers),
    ...(await comparisonsOf(meter)),
    seeds: [{ seed: old.seed ?? 0, shipped: true, ...(await measureFall(meter, numbers)) }],
  };
  zooCard.parse(card);
  await writeJson(path, card);
}

/** Experts without a trajectory, merged among themselves at their last checkpoints. */
async function comparisonsOf(meter: Meter): Promise<object> {
  const { others } = meter;
  if (others.length === 0) return {};
  const { expert, average, taskArithmeticBest, taskArithmeticLambda } = await numbersOf(
    meter,
    meter.withExperts(meter.first(), others),
    others,
  );
  return {
    compared: {
      experts: others.map(({ id }) => id),
      expert: round(expert),
      average: round(average),
      taskArithmeticBest: round(taskArithmeticBest),
      taskArithmeticLambda,
    },
  };
}
