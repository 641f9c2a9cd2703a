import { expect, test } from "vitest";
import { quietContext } from "../context.ts";
import { bytesSource } from "../formats/format.ts";
import { safetensors } from "../formats/safetensors.ts";
import { writeSafetensors } from "../formats/safetensors-write.ts";
import { overBase, readSparse } from "../formats/sparse.ts";
import { createMerger } from "../merge/run.ts";
import { defaultRecipe } from "../recipe/default.ts";
import * as edit from "../recipe/edit.ts";
import { setTensorDensity } from "../recipe/edit-tensors.ts";
import { encode } from "../tensor/dtype.ts";
import { twin } from "../tensor/twin.ts";
import { base, card, floats, library } from "../testing/small-merge.ts";
import { joined } from "./export.ts";
import { exportRegion } from "./export-region.ts";

const recipe = edit.setSparsifierParam(defaultRecipe(card, "localize-and-stitch"), 0, "density", 0.1);

async function baseFile() {
  const specs = [...library.base.tensors.values()].filter(({ name }) => floats.includes(name));
  const pieces: Uint8Array[] = [];
  const chunk = async ({ name }: { name: string }) => encode(await library.base.load(name), "f32").bytes;
  for await (const piece of writeSafetensors(specs, new Map(), chunk)) pieces.push(piece);
  return safetensors.open(bytesSource(joined(pieces)), "base.safetensors");
}

async function exported(from = recipe) {
  const merger = createMerger(library, twin);
  const region = await exportRegion(library, merger, from, "b", quietContext);
  const file = await safetensors.open(bytesSource(joined(region.pieces)), region.fileName);
  return { ...region, file, merger };
}

test("a region's file makes of the base what the expert is there, bit for bit, and nothing else", async () => {
  const { file, entries, fraction, merger } = await exported();
  const total = base.slice(0, 4).reduce((sum, { values }) => sum + values.length, 0);
  expect(entries).toBe(Math.floor(0.1 * total));
  expect(fraction).toBe(entries / total);
  const grafted = overBase(readSparse(file), await baseFile(), library.base.id);
  const expert = await library.expert("b")?.checkpoint(20);
  const alone = { ...recipe, experts: recipe.experts.map((one) => ({ ...one, enabled: one.id === "b" })) };
  for await (const { spec, rows } of merger.vectors(alone, quietContext)) {
    const [from, to] = [await library.base.load(spec.name), await expert?.load(spec.name)];
    const wanted = from.map((value, i) => (rows[0][i] === 0 ? value : (to?.[i] ?? 0)));
    expect(await grafted.load(spec.name)).toEqual(wanted);
  }
});

test("equal regions give equal files; an empty one is a file, too", async () => {
  const first = await exported();
  expect((await exported(edit.setExpertEnabled(recipe, "a", false))).content).toBe(first.content);
  expect(first.fileName).toMatch(/^b-region-[0-9a-f]{8}\.safetensors$/);
  const empty = await exported(setTensorDensity(recipe, floats.slice(0, 3), undefined, 0));
  expect(empty.file.tensors.size).toBeLessThanOrEqual(2);
});

test("nobody's region is refused", async () => {
  const merger = createMerger(library, twin);
  await expect(exportRegion(library, merger, recipe, "zz", quietContext)).rejects.toMatchObject({
    code: "recipe/unknown-expert",
  });
});
