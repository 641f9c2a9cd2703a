/**
 * Builds the zoo: draws the pictures if they are missing, trains every family with the app's own trainer on
 * onnxruntime-node, writes public/zoo and measures it.
 *
 * Usage: npm run zoo [-- --to FOLDER] [family …]     (default: public/zoo, all families)
 *
 * What has been done is kept in zoo/.data/work and not done again; interrupted trainings go on where they were.
 */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { copyFile, mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { parseZooJson, zooFamily } from "../src/core/zoo.ts";
import { checkZoo } from "./check.ts";
import { readTexts } from "./data/text.ts";
import { readVisionData } from "./data/vision.ts";
import { SEED, visionTasks } from "./families.ts";
import { measureFamily } from "./measure/family.ts";
import { writeIndex } from "./ship/family.ts";
import { shipSparse } from "./ship/sparse.ts";
import { shipText } from "./ship/text.ts";
import { shipVision } from "./ship/vision.ts";
import { DATA, hashOf, ROOT, type Stage } from "./stage.ts";
import { calibrateTask, trainSparse } from "./train/sparse.ts";
import { scoreTextTask, textInputs, trainTextBase, trainTextExpert } from "./train/text.ts";
import { makeHeads, scoreTask, trainBase, trainExpert } from "./train/vision.ts";

const FAMILIES = [
  { id: "vision", name: "Vision zoo" },
  { id: "text", name: "Text zoo" },
  { id: "sparse", name: "Sparse zoo" },
] as const;

const { values, positionals } = parseArgs({
  options: { to: { type: "string", default: join(ROOT, "public/zoo") } },
  allowPositionals: true,
});
const zoo = values.to;
const wants = (id: string) => positionals.length === 0 || positionals.includes(id);

if (wants("vision") || wants("sparse")) await buildVision();
if (wants("text")) await buildText();
const built = FAMILIES.filter(({ id }) => existsSync(join(zoo, id, "family.json")));
await writeIndex(zoo, built);
await checkZoo(
  zoo,
  built.map(({ id }) => id),
);
for (const { id } of built.filter((family) => wants(family.id))) {
  console.log(`measuring ${id} …`);
  await measureFamily(join(zoo, id));
}

async function buildVision(): Promise<void> {
  const path = join(DATA, "vision.safetensors.gz");
  if (!existsSync(path)) draw();
  const inputs = { data: await readVisionData(path), hash: hashOf(await readFile(path)) };
  const base = await trainBase(inputs);
  const ids = visionTasks.map(({ id }) => id);
  const prototypes = await keptPrototypes();
  const heads = await makeHeads(inputs, base, ids, prototypes);
  const experts = new Map<string, Stage>();
  const scores = new Map<string, Stage>();
  for (const id of ids) {
    const expert = await trainExpert(inputs, base, heads, id);
    experts.set(id, expert);
    scores.set(id, await scoreTask(inputs, base, heads, expert, id));
  }
  if (wants("vision")) await shipVision(zoo, { base, heads, experts, scores }, inputs.data);
  if (!wants("sparse")) return;
  const masks = new Map<string, Stage>();
  const sparse = new Map<string, Stage>();
  for (const id of ids) {
    const mask = await calibrateTask(inputs, base, heads, id);
    masks.set(id, mask);
    sparse.set(id, await trainSparse(inputs, base, heads, mask, id));
  }
  const file = join(zoo, "vision/family.json");
  const { tasks } = parseZooJson(zooFamily, await readFile(file, "utf8"), file);
  await shipSparse(zoo, { experts: sparse, masks, dense: experts }, tasks);
}

async function buildText(): Promise<void> {
  const inputs = textInputs(await readTexts(SEED));
  const base = await trainTextBase(inputs);
  const experts = new Map<string, Stage>();
  const scores = new Map<string, Stage>();
  for (const language of inputs.texts.keys()) {
    const expert = await trainTextExpert(inputs, base, language);
    experts.set(language, expert);
    scores.set(language, await scoreTextTask(inputs, base, expert, language));
  }
  await shipText(zoo, { base, experts, scores }, inputs.texts);
}

/** Which pictures the heads are made of was drawn once; a copy outlives the folder that is written anew. */
async function keptPrototypes(): Promise<string> {
  const kept = join(DATA, "heads.safetensors");
  if (!existsSync(kept)) {
    await mkdir(DATA, { recursive: true });
    await copyFile(join(ROOT, "public/zoo/vision/heads.safetensors"), kept);
  }
  return kept;
}

function draw(): void {
  const folder = join(ROOT, "zoo/draw");
  if (!existsSync(join(folder, "node_modules")))
    throw new Error("The pictures have not been drawn here. Install the fonts first: see zoo/draw/README.md");
  for (const script of ["draw.mjs", "split.mjs"]) {
    execFileSync(process.execPath, [script], { cwd: folder, stdio: "inherit" });
  }
}
