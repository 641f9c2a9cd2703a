/**
 * Steps of the build that are done once: a stage's results lie in `.data/work/<name>` beside the hash of what they
 * were made from, and a stage whose hash is there already is skipped.
 */
import { createHash } from "node:crypto";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";

/** The repository's root, wherever the bundle of a script lies. */
export const ROOT = fileURLToPath(new URL("../..", import.meta.url));
export const DATA = join(ROOT, "zoo/.data");

export interface Stage {
  readonly name: string;
  /** Where its results are. */
  readonly folder: string;
  /** Of its specification, earlier stages included; what later stages put into theirs. */
  readonly hash: string;
  readonly seconds: number;
}

const mark = z.object({ hash: z.string(), seconds: z.number().optional() });

/**
 * Runs a stage unless its results are there.
 *
 * @param spec everything that its results depend on, as JSON: numbers, and the hashes of the stages that it reads
 * @param make writes the results into the folder; what an interrupted run of the same stage left there is still there
 */
export async function stage(
  name: string,
  spec: object,
  make: (folder: string) => Promise<void>,
): Promise<Stage> {
  const folder = join(DATA, "work", name);
  const hash = hashOf(JSON.stringify(spec));
  const [begun, done] = [join(folder, "begun.json"), join(folder, "done.json")];
  const finished = await readMark(done);
  if (finished?.hash === hash) return { name, folder, hash, seconds: finished.seconds ?? 0 };
  if ((await readMark(begun))?.hash !== hash || finished) {
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    await writeFile(begun, JSON.stringify({ hash, spec }, null, 1));
  }
  const clock = performance.now();
  console.log(`${name} …`);
  await make(folder);
  const seconds = Math.round((performance.now() - clock) / 1000);
  await writeFile(done, JSON.stringify({ hash, seconds }));
  console.log(`${name}: ${seconds} s`);
  return { name, folder, hash, seconds };
}

/** Returns the first 32 hex digits of a SHA-256. */
export function hashOf(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex").slice(0, 32);
}

async function readMark(path: string): Promise<z.infer<typeof mark> | undefined> {
  const text = await readFile(path, "utf8").catch(() => undefined);
  return text === undefined ? undefined : mark.parse(JSON.parse(text));
}
