/**
 * Measures shipped families with the code that the page runs, and writes what the page shows of them: `measured` and
 * `seeds` of card.json (test accuracies per step, λ chosen on validation) and results.json (the first charts).
 *
 * Usage: npm run zoo:measure [-- family …]     (default: all that index.json lists)
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseZooJson, zooIndex } from "../src/core/zoo.ts";
import { measureFamily } from "./measure/family.ts";
import { ROOT } from "./stage.ts";

const zoo = join(ROOT, "public/zoo");
const { families } = parseZooJson(zooIndex, await readFile(join(zoo, "index.json"), "utf8"), "index.json");
const wanted = process.argv.slice(2);
for (const { id } of families) {
  if (wanted.length > 0 && !wanted.includes(id)) continue;
  console.log(id);
  await measureFamily(join(zoo, id));
}
