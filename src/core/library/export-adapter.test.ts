import { describe, expect, it } from "vitest";
import { quietContext } from "../context.ts";
import { bytesSource } from "../formats/format.ts";
import { type LoraUpdate, loraConfigText, writeLora } from "../formats/lora-write.ts";
import { encodeOnnx } from "../formats/onnx.ts";
import { safetensors } from "../formats/safetensors.ts";
import { createMerger } from "../merge/run.ts";
import { defaultRecipe } from "../recipe/default.ts";
import { setLambda, setMethodParam } from "../recipe/edit.ts";
import type { Params, Recipe } from "../recipe/schema.ts";
import { twin } from "../tensor/twin.ts";
import { joined, memoryFile } from "../testing/memory-file.ts";
import { floatValue, node, onnxModel, wave } from "../testing/onnx-graph.ts";
import { fed, runOnnx } from "../testing/run-onnx.ts";
import { configPath, type FamilyFiles, parseZooJson, zooFamily } from "../zoo.ts";
import { exportModel, joined as together } from "./export.ts";
import { adapterReach, exportAdapter } from "./export-adapter.ts";
import { ZooLibrary } from "./zoo-library.ts";

const IDS = ["en", "ja"] as const;
const RANK = 2;

/** fc1 is stored as (out × in), fc2 as (in × out). */
const graph = onnxModel({
  input: [
    floatValue("x", ["N", 5]),
    floatValue("fc1.weight", [6, 5]),
    floatValue("fc1.bias", [6]),
    floatValue("fc2.weight", [6, 3]),
  ],
  output: [floatValue("logits", ["N", 3])],
  node: [
    node("Gemm", ["x", "fc1.weight", "fc1.bias"], ["h"], { transB: 1 }),
    node("Relu", ["h"], ["r"]),
    node("MatMul", ["r", "fc2.weight"], ["logits"]),
  ],
});

const baseTensors = {
  "fc1.weight": { shape: [6, 5], values: wave(30, 1) },
  "fc1.bias": { shape: [6], values: wave(6, 2) },
  "fc2.weight": { shape: [6, 3], values: wave(18, 3) },
};

/** Both layers at one rank, with a scale of 2. */
function updatesOf(seed: number): readonly LoraUpdate[] {
  const layer = (module: string, out: number, into: number, at: number): LoraUpdate => ({
    module,
    dtype: "f32",
    A: wave(RANK * into, seed + at),
    shapeA: [RANK, into],
    B: wave(out * RANK, seed + at + 0.5).map((value) => value / 8),
    shapeB: [out, RANK],
    alpha: 2 * RANK,
  });
  return [layer("fc1", 6, 5, 10), layer("fc2", 3, 6, 20)];
}

async function openLibrary(): Promise<ZooLibrary> {
  const n = { fewShot: 0, validation: 0, quick: 0, test: 0 };
  const family = parseZooJson(
    zooFamily,
    JSON.stringify({
      version: 1,
      id: "toy",
      name: "Toy",
      skeleton: "skeleton.onnx",
      base: "base",
      input: { kind: "values", name: "x", shape: [5] },
      logits: "logits",
      tasks: IDS.map((id) => ({ id, label: id, classes: ["a", "b", "c"], n })),
      experts: IDS.map((id) => ({
        id,
        label: id,
        task: id,
        checkpoints: [{ step: 1, file: `${id}/lora`, format: "lora" }],
      })),
    }),
    "family.json",
  );
  const base = await memoryFile(baseTensors);
  const of = (path: string) => updatesOf(100 * IDS.findIndex((id) => path.startsWith(id)));
  const files: FamilyFiles = {
    family,
    async bytes(path) {
      if (path === "skeleton.onnx") return encodeOnnx(graph);
      expect(family.experts.map(({ checkpoints: [only] }) => configPath(only))).toContain(path);
      return new TextEncoder().encode(loraConfigText(of(path), { isRankStabilised: false }));
    },
    async open(path) {
      if (path === "base") return base;
      return safetensors.open(bytesSource(await joined(writeLora(of(path)))), path);
    },
  };
  return ZooLibrary.open(files, twin);
}

function recipeOf(library: ZooLibrary, method: string, params: Params = {}, lambda = 0.7): Recipe {
  const start = setLambda(defaultRecipe(library.card(), method), lambda);
  return Object.entries(params).reduce((recipe, [key, value]) => setMethodParam(recipe, key, value), start);
}

/** Saves the recipe as an adapter, drops it again, and returns both models' weights. */
async function roundTrip(method: string, params: Params, rank: number) {
  const library = await openLibrary();
  const merger = createMerger(library, twin);
  const recipe = recipeOf(library, method, params);
  const saved = await exportAdapter(library, merger, twin, { recipe, rank }, quietContext);
  const [weights, config] = saved.files.map(({ pieces }) => bytesSource(together(pieces)));
  const file = await safetensors.open(weights!, "merged/adapter_model.safetensors");
  const text = new TextDecoder().decode(await config!.read(0, config!.size));
  const card = await library.add(file, "merged/adapter_model.safetensors", quietContext, {
    config: { file: "c", text },
  });
  const reopened = await library.expert(card.id)!.checkpoint(card.checkpoints[0]!.step);
  const merged = new Map<string, Float32Array>();
  for await (const { spec, rows } of merger.full(recipe, quietContext)) merged.set(spec.name, rows[0]!);
  return { library, recipe, saved, reopened, merged };
}

describe("an exported adapter", () => {
  it.each([
    ["lora-merge", { kind: "cat" }, 4],
    ["lora-merge", { kind: "linear" }, 4],
    ["lora-merge", { kind: "svd", rank: 1 }, 4],
    ["lora-merge", { kind: "factors" }, 4],
    ["task-arithmetic", {}, 4],
    ["linear", {}, 4],
  ] as const)("of %s %o gives the merged model back", async (method, params, rank) => {
    const { saved, reopened, merged } = await roundTrip(method, params, rank);
    expect(saved).toMatchObject({ energy: expect.closeTo(1, 9), left: 0, content: reopened.id });
    for (const [name, values] of merged) {
      expect(await reopened.load(name)).toBeAllclose(values, { rtol: 1e-5, atol: 2e-6 });
    }
  });

  it("keeps the ranks added up where factors are laid side by side", async () => {
    expect((await roundTrip("lora-merge", { kind: "cat" }, 4)).saved.rank).toBe(2 * RANK);
  });

  it("keeps the best part at a lower rank, and tells how much that is, before and after", async () => {
    const { library, recipe, saved, reopened, merged } = await roundTrip("lora-merge", { kind: "cat" }, 1);
    const reach = await adapterReach(createMerger(library, twin), twin, recipe, quietContext);
    expect(saved.rank).toBe(1);
    expect(saved.energy).toBeLessThan(1);
    expect(reach.kept[0]).toBeCloseTo(saved.energy, 9);
    expect(reach.kept.at(-1)).toBeCloseTo(1, 9);
    let [lost, total] = [0, 0];
    for (const [name, values] of merged) {
      const base = await library.base.load(name);
      const written = await reopened.load(name);
      values.forEach((value, i) => {
        lost += (value - written[i]!) ** 2;
        total += (value - base[i]!) ** 2;
      });
    }
    expect(lost / total).toBeCloseTo(1 - saved.energy, 4);
  });

  it("refuses models that are several, or route, or change nothing", async () => {
    const library = await openLibrary();
    const merger = createMerger(library, twin);
    for (const [method, lambda] of [
      ["emr", 1],
      ["arrow", 1],
      ["lora-merge", 0],
    ] as const) {
      const recipe = recipeOf(library, method, {}, lambda);
      await expect(
        exportAdapter(library, merger, twin, { recipe, rank: 4 }, quietContext),
      ).rejects.toMatchObject({ code: "export/failed" });
    }
  });
});

describe("a routed model", () => {
  it("is saved as one graph that needs nothing beside x", async () => {
    const library = await openLibrary();
    const recipe = recipeOf(library, "arrow", { topK: 1, temperature: 0.5 }, 1);
    const { pieces } = await exportModel(
      library,
      createMerger(library, twin),
      { recipe, as: "onnx" },
      quietContext,
    );
    const x = wave(15, 7);
    const logits = (await runOnnx(together(pieces), { x: fed([3, 5], x) })).get("logits");
    expect(logits?.dims).toEqual([3, 3]);
    for (let row = 0; row < 3; row++) {
      const expected = [...IDS.keys()].flatMap((first) =>
        [...IDS.keys()].map((second) => forward(x.subarray(5 * row, 5 * row + 5), first, second)),
      );
      // With one expert per layer and input, the result is one of four plain networks.
      const own = logits?.data.slice(3 * row, 3 * row + 3) ?? [];
      const nearest = Math.min(
        ...expected.map((y) => Math.max(...y.map((value, i) => Math.abs(value - own[i]!)))),
      );
      expect(nearest).toBeLessThan(1e-5);
    }
  });

  it("is no file of weights", async () => {
    const library = await openLibrary();
    const recipe = recipeOf(library, "arrow");
    await expect(
      exportModel(library, createMerger(library, twin), { recipe, as: "safetensors" }, quietContext),
    ).rejects.toMatchObject({ code: "export/failed" });
  });

  it("is the base where λ is 0", async () => {
    const library = await openLibrary();
    const merger = createMerger(library, twin);
    const summary = await merger.merge(recipeOf(library, "arrow", {}, 0), "live", () => {}, quietContext);
    expect(summary.routing).toEqual([]);
  });
});

/** The network with one expert's update in either layer, in plain arithmetic. */
function forward(x: Float32Array, first: number, second: number): number[] {
  const [one] = updatesOf(100 * first);
  const [, two] = updatesOf(100 * second);
  const delta = ({ A, B, shapeA: [, into], shapeB: [out] }: LoraUpdate) =>
    Array.from({ length: out! }, (_, o) =>
      Array.from({ length: into! }, (_, i) => 2 * (B[o * RANK]! * A[i]! + B[o * RANK + 1]! * A[into! + i]!)),
    );
  const [d1, d2] = [delta(one!), delta(two!)];
  const { "fc1.weight": w1, "fc1.bias": b1, "fc2.weight": w2 } = baseTensors;
  const h = d1.map((row, o) =>
    Math.max(
      0,
      row.reduce((sum, d, i) => sum + (d + w1.values[5 * o + i]!) * x[i]!, b1.values[o]!),
    ),
  );
  return d2.map((row, o) => row.reduce((sum, d, i) => sum + (d + w2.values[3 * i + o]!) * h[i]!, 0));
}
