/** Entries that are no numbers: refused, or replaced as the page replaces them. */
import { readFile, writeFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { quietContext } from "#core/context.ts";
import { bytesSource } from "#core/formats/format.ts";
import { safetensors } from "#core/formats/safetensors.ts";
import { exportModel } from "#core/library/export.ts";
import { ownFamily } from "#core/library/own-family.ts";
import { sealRecipe } from "#core/library/seal.ts";
import { ZooLibrary } from "#core/library/zoo-library.ts";
import { createMerger } from "#core/merge/run.ts";
import { defaultRecipe } from "#core/recipe/default.ts";
import { recipeFileToText } from "#core/recipe/share.ts";
import { twin } from "#core/tensor/twin.ts";
import { command, folder, network, safetensorsBytes } from "./testing.ts";

/** A network whose norm has a NaN at its third entry. */
async function broken(seed: number) {
  const { "norm.weight": norm, ...others } = network(seed);
  const values = norm!.values.with(2, Number.NaN);
  return safetensorsBytes({ ...others, "norm.weight": { shape: [16], values } });
}

let dir: Awaited<ReturnType<typeof folder>>;
let files: { readonly base: Uint8Array<ArrayBuffer>; readonly a: Uint8Array<ArrayBuffer> };

beforeAll(async () => {
  files = { base: await safetensorsBytes(network(1)), a: await broken(4) };
  dir = await folder({
    "base.safetensors": files.base,
    "sick.safetensors": await broken(1),
    "a.safetensors": files.a,
    "recipe.yaml":
      "merge_method: linear\nbase_model: base.safetensors\nmodels: [{model: a.safetensors, parameters: {weight: 1}}]\n",
  });
});
afterAll(() => dir.remove());

const written = async () =>
  safetensors.open(bytesSource(new Uint8Array(await readFile(dir.path("out.safetensors")))), "out");
const merge = (...args: readonly string[]) =>
  command("merge", ...args, "--out", dir.path("out.safetensors"), "--force");

describe("an expert with entries that are no numbers", () => {
  test.each([
    ["error", 4, /\(1 NaN\): norm\.weight: 1 NaN \/ 16.*See --non-finite/s],
    ["zero", 0, /a\.safetensors: entries that are no numbers \(1 NaN\) in one tensor count as 0/],
    ["base", 0, /count as the base's own/],
  ] as const)("under --non-finite %s ends with %i", async (how, code, words) => {
    const heard = await merge(dir.path("recipe.yaml"), "--non-finite", how);
    expect(heard.err).toMatch(words);
    expect(heard.code).toBe(code);
    if (code !== 0) return;
    const merged = await (await written()).load("norm.weight");
    const kept = how === "zero" ? 0 : network(1)["norm.weight"]!.values[2];
    expect([merged[1], merged[2]]).toEqual([network(4)["norm.weight"]!.values[1], kept]);
  });

  test.each(["zero", "base"] as const)(
    "repaired by the page under %s is repaired alike from its saved recipe, unasked",
    async (nonFinite) => {
      const open = (name: keyof typeof files) =>
        safetensors.open(bytesSource(files[name]), `${name}.safetensors`);
      const base = { path: "base.safetensors", file: await open("base") };
      const page = await ZooLibrary.open(ownFamily({ base, candidates: [], datasets: [] }), twin);
      await page.add(await open("a"), "a.safetensors", quietContext, { nonFinite });
      const recipe = defaultRecipe(page.card(), "task-arithmetic");
      const merger = createMerger(page, twin);
      const seal = await sealRecipe(page, merger, recipe, quietContext);
      const { pieces } = await exportModel(page, merger, { recipe, as: "safetensors" }, quietContext);
      await writeFile(dir.path("saved.json"), recipeFileToText({ recipe, ...seal }));
      const expert = `a=${dir.path("a.safetensors")}`;
      const heard = await merge(
        dir.path("saved.json"),
        ...["--base", dir.path("base.safetensors"), "--expert", expert],
      );
      expect(heard).toMatchObject({ code: 0, err: expect.stringContaining("Bit for bit") });
      const bytes = await readFile(dir.path("out.safetensors"));
      expect(Buffer.compare(bytes, Buffer.from(await new Blob([...pieces]).arrayBuffer()))).toBe(0);
    },
  );
});

test.each([
  ["base", 4, /sick\.safetensors.*compared with the base/],
  ["zero", 0, /sick\.safetensors: .* count as 0/],
] as const)("a base with such entries, under --non-finite %s, ends with %i", async (how, code, words) => {
  const heard = await merge(
    dir.path("recipe.yaml"),
    ...["--base", dir.path("sick.safetensors"), "--non-finite", how],
  );
  expect(heard.err).toMatch(words);
  expect(heard.code).toBe(code);
});
