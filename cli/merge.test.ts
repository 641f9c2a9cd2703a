import { readdir, readFile, writeFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { quietContext } from "#core/context.ts";
import { bytesSource } from "#core/formats/format.ts";
import { safetensors } from "#core/formats/safetensors.ts";
import { exportModel } from "#core/library/export.ts";
import { ownFamily } from "#core/library/own-family.ts";
import { ZooLibrary } from "#core/library/zoo-library.ts";
import { createMerger } from "#core/merge/run.ts";
import { contentIdOf } from "#core/model/content-id.ts";
import { defaultRecipe } from "#core/recipe/default.ts";
import type { Recipe } from "#core/recipe/schema.ts";
import { recipeFileToText, recipeToText } from "#core/recipe/share.ts";
import { twin } from "#core/tensor/twin.ts";
import { OutputFile } from "./output-file.ts";
import { command, commandUntil, folder, network, safetensorsBytes } from "./testing.ts";

const models = { base: network(1), a: network(2), b: network(3) };
let dir: Awaited<ReturnType<typeof folder>>;
let page: ZooLibrary;

/** The library that the page makes of the same files. */
async function asPage(): Promise<ZooLibrary> {
  const open = async (name: keyof typeof models) =>
    safetensors.open(bytesSource(await safetensorsBytes(models[name])), `${name}.safetensors`);
  const base = { path: "base.safetensors", file: await open("base") };
  const library = await ZooLibrary.open(ownFamily({ base, candidates: [], datasets: [] }), twin);
  for (const name of ["a", "b"] as const)
    await library.add(await open(name), `${name}.safetensors`, quietContext);
  return library;
}

const paths = (...args: string[]) => [
  ...["--base", dir.path("base.safetensors")],
  ...["--expert", `a=${dir.path("a.safetensors")}`, "--expert", `b=${dir.path("b.safetensors")}`],
  ...args,
];

async function mergeRecipe(recipe: Recipe, ...args: string[]) {
  await writeFile(dir.path("recipe.json"), recipeToText(recipe));
  return command(
    "merge",
    dir.path("recipe.json"),
    ...paths("--out", dir.path("out.safetensors"), "--force", ...args),
  );
}

beforeAll(async () => {
  dir = await folder({
    "base.safetensors": await safetensorsBytes(models.base),
    "a.safetensors": await safetensorsBytes(models.a),
    "b.safetensors": await safetensorsBytes(models.b),
  });
  page = await asPage();
});
afterAll(() => dir.remove());

describe("merge", () => {
  test.each(["linear", "task-arithmetic", "ties", "localize-and-stitch", "tsv-m", "emr"])(
    "writes, with %s, the very file that the page saves",
    async (method) => {
      const recipe: Recipe = { ...defaultRecipe(page.card(), method), seed: 7, outDtype: "bf16" };
      const merger = createMerger(page, twin);
      const task = merger.rowTasks(recipe)?.[1];
      const { pieces, content } = await exportModel(
        page,
        merger,
        { recipe, as: "safetensors", task },
        quietContext,
      );
      const { code, out } = await mergeRecipe(recipe, ...(task === undefined ? [] : ["--task", task]));
      expect(code).toBe(0);
      expect(out).toContain(content);
      const written = await readFile(dir.path("out.safetensors"));
      expect(Buffer.compare(written, Buffer.from(await new Blob([...pieces]).arrayBuffer()))).toBe(0);
    },
  );

  test("says in the file what it was made of, and no file's name when that is unwanted", async () => {
    const recipe = defaultRecipe(page.card(), "ties");
    await mergeRecipe(recipe);
    const { metadata } = await safetensors.open(
      bytesSource(new Uint8Array(await readFile(dir.path("out.safetensors")))),
      "out",
    );
    expect(JSON.parse(metadata.get("kintsugi.names") ?? "")).toEqual({
      base: "base.safetensors",
      experts: { a: "a.safetensors", b: "b.safetensors" },
    });
    await mergeRecipe(recipe, "--hide-names");
    const hidden = await readFile(dir.path("out.safetensors"), "latin1");
    expect(hidden).not.toMatch(/a\.safetensors|"id":"a"/);
    expect(hidden).toContain("expert-1");
  });

  test("takes models in several files, and a recipe in YAML beside them", async () => {
    const { a, base } = models;
    const [first, ...rest] = Object.entries(a);
    const sharded = await folder({
      "base/model.safetensors": await safetensorsBytes(base),
      "a/one.safetensors": await safetensorsBytes(Object.fromEntries([first!])),
      "a/two.safetensors": await safetensorsBytes(Object.fromEntries(rest)),
      "a/model.safetensors.index.json": JSON.stringify({
        weight_map: Object.fromEntries(
          Object.keys(a).map((name, i) => [name, i === 0 ? "one.safetensors" : "two.safetensors"]),
        ),
      }),
      "recipe.yaml":
        "merge_method: linear\nmodels: [{model: ./a, parameters: {weight: 1}}]\nbase_model: ./base\n",
    });
    const out = sharded.path("out.safetensors");
    expect(await command("merge", sharded.path("recipe.yaml"), "--out", out)).toMatchObject({ code: 0 });
    const file = await safetensors.open(bytesSource(new Uint8Array(await readFile(out))), "out");
    const whole = await safetensors.open(bytesSource(await safetensorsBytes(a)), "a");
    expect(await contentIdOf(file)).toBe(await contentIdOf(whole));
    expect((await readdir(sharded.path("."))).filter((name) => name.endsWith(".part"))).toEqual([]);
    await sharded.remove();
  });

  test("leaves nothing behind when it fails, and does not replace a file unasked", async () => {
    const recipe = defaultRecipe(page.card(), "emr");
    expect(await mergeRecipe(recipe)).toMatchObject({
      code: 3,
      err: expect.stringContaining("one model per task"),
    });
    expect((await readdir(dir.path("."))).filter((name) => name.endsWith(".part"))).toEqual([]);
    const args = ["merge", dir.path("recipe.json"), ...paths("--out", dir.path("base.safetensors"))];
    expect(await command(...args)).toMatchObject({ code: 5, err: expect.stringContaining("exists already") });
  });

  test("leaves nothing behind when it is stopped", async () => {
    await writeFile(dir.path("recipe.json"), recipeToText(defaultRecipe(page.card(), "ties")));
    const args = ["merge", dir.path("recipe.json"), ...paths("--out", dir.path("stopped.safetensors"))];
    const heard = await commandUntil((line) => line.startsWith("merging"), ...args);
    expect(heard).toMatchObject({ code: 130, err: "Stopped; nothing was written." });
    expect((await readdir(dir.path("."))).filter((name) => /stopped|part/.test(name))).toEqual([]);
  });

  test("does not begin what could not be put in its place", async () => {
    await writeFile(dir.path("recipe.json"), recipeToText(defaultRecipe(page.card(), "ties")));
    const to = (out: string) =>
      command("merge", dir.path("recipe.json"), ...paths("--out", dir.path(out), "--force"));
    expect(await to(".")).toMatchObject({ code: 5, err: expect.stringContaining("is a folder") });
    expect(await to("nowhere/out.safetensors")).toMatchObject({
      code: 5,
      err: expect.stringContaining("ENOENT"),
    });
    await expect(OutputFile.create(dir.path("vast.safetensors"), false, 1e18)).rejects.toThrow(
      /needs .* GB, and the disk has .* left/,
    );
    expect((await readdir(dir.path("."))).filter((name) => /vast|part/.test(name))).toEqual([]);
  });

  test("refuses other inputs than a recipe was saved with, and knows its output again", async () => {
    const recipe = defaultRecipe(page.card(), "ties");
    const merger = createMerger(page, twin);
    const { content } = await exportModel(page, merger, { recipe, as: "safetensors" }, quietContext);
    const a = page.expert("a");
    const inputs = { base: page.base.id, experts: { a: { step: 0, id: (await a!.checkpoint(0)).id } } };
    const text = (experts: typeof inputs.experts) =>
      recipeFileToText({ recipe, inputs: { ...inputs, experts }, output: content });
    const args = [
      "merge",
      dir.path("saved.json"),
      ...paths("--out", dir.path("again.safetensors"), "--force"),
    ];
    await writeFile(dir.path("saved.json"), text(inputs.experts));
    expect(await command(...args)).toMatchObject({ code: 0, err: expect.stringContaining("Bit for bit") });
    await writeFile(dir.path("saved.json"), text({ a: { step: 0, id: page.base.id } }));
    expect(await command(...args)).toMatchObject({
      code: 3,
      err: expect.stringContaining("“a” is not the one"),
    });
  });
});
