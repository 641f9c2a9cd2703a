/**
 * One training step (batch 64, SGD) on onnxruntime-web against the same on onnxruntime-node, one thread each, in turns
 * in one process. Usage: npm run bench -- training
 */
import { join } from "node:path";
import { webRunner } from "../cli/web-runner.ts";
import { openZooFolder } from "../cli/zoo-folder.ts";
import { nodeRunner } from "../zoo/node-runner.ts";
import { ROOT } from "../zoo/stage.ts";
import { BATCH, timedNetworks } from "./training/networks.ts";
import { stepper } from "./training/step.ts";
import { clocked, takeTurns } from "./turns.ts";

const ROUNDS = 15;
const TARGET = 3.5;

console.log(`step of SGD, batch ${BATCH}, one thread each: milliseconds, median (least) of ${ROUNDS} rounds`);
for (const timed of await timedNetworks(await openZooFolder(join(ROOT, "public/zoo/vision")))) {
  const web = stepper(timed, webRunner);
  const node = stepper(timed, nodeRunner(1));
  const [ours, native] = [await web(), await node()];
  const spent = await takeTurns({ web: clocked(web), node: clocked(node) }, ROUNDS);
  const [a, b] = [spent.get("web"), spent.get("node")];
  if (!a || !b) throw new Error("no rounds");
  const columns = [
    timed.name.padEnd(20),
    `onnxruntime-web ${show(a)}`,
    `onnxruntime-node ${show(b)}`,
    `${(a.median / b.median).toFixed(2)}× (target ≤ ${TARGET}×)`,
    `first loss ${ours.toFixed(4)} and ${native.toFixed(4)}`,
  ];
  console.log(columns.join("   "));
}

function show({ median, least }: { readonly median: number; readonly least: number }): string {
  return `${median.toFixed(1)} (${least.toFixed(1)})`;
}
