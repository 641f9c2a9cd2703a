/** Checks shipped families: every checkpoint opens over its base, every split is whole, nothing is too large. */
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { openZooFolder } from "../cli/zoo-folder.ts";
import { suiteOf } from "../src/core/eval/open-evaluator.ts";
import type { Examples } from "../src/core/eval/suite.ts";
import { ZooExamples } from "../src/core/eval/zoo-examples.ts";
import { ZooLibrary } from "../src/core/library/zoo-library.ts";
import { twin } from "../src/core/tensor/twin.ts";

/** Of all families together, bytes: what a clone of the project carries. */
const MOST_BYTES = 40e6;

/** @param zoo folder of the families. @throws Error with everything that is wrong */
export async function checkZoo(zoo: string, families: readonly string[]): Promise<void> {
  const problems: string[] = [];
  for (const id of families)
    problems.push(...(await problemsOf(join(zoo, id))).map((what) => `${id}: ${what}`));
  const size = await sizeOfFolder(zoo);
  console.log(`${(size / 1e6).toFixed(1)} MB in ${zoo}`);
  if (size > MOST_BYTES) problems.push(`${size} bytes are more than ${MOST_BYTES}`);
  if (problems.length > 0) throw new Error(problems.join("\n"));
}

async function problemsOf(folder: string): Promise<string[]> {
  const files = await openZooFolder(folder);
  const problems: string[] = [];
  const library = await ZooLibrary.open(files, twin);
  for (const { id, checkpoints } of files.family.experts) {
    for (const { step } of checkpoints) {
      const checkpoint = await library.expert(id)?.checkpoint(step);
      const missing = [...library.base.tensors.keys()].filter((name) => !checkpoint?.tensors.has(name));
      if (missing.length > 0) problems.push(`${id} at ${step} lacks ${missing.join(", ")}`);
    }
  }
  const examples = new ZooExamples(suiteOf(files.family), files.open);
  for (const { id, classes } of files.family.tasks) {
    // Reading validation whole checks that the quick file is its beginning.
    for (const split of ["validation", "test"] as const) {
      const seen = classesIn(await examples.whole(id, split));
      if (seen < classes.length) problems.push(`${id}.${split} shows ${seen} of ${classes.length} classes`);
    }
  }
  return problems;
}

function classesIn({ labels }: Examples): number {
  return new Set(labels).size;
}

async function sizeOfFolder(folder: string): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  let size = 0;
  for (const entry of entries) {
    if (entry.isFile()) size += (await stat(join(entry.parentPath, entry.name))).size;
  }
  return size;
}
