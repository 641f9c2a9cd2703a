/** What was made here survives its worker: the real models worker over the zoo, real private storage. */
import { type Remote, transfer, wrap } from "comlink";
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { defaultRecipe } from "#core/recipe/default.ts";
import type { LibraryCard } from "#core/summary.ts";
import { fileStore } from "./opfs.ts";
import type { ModelsApi, WorkerEvent } from "./protocol/api.ts";
import { installErrorHandler } from "./protocol/errors.ts";
import type { CheckpointApi } from "./protocol/optimise.ts";

const FAMILY = new URL("/zoo/vision/family.json", location.href).href;
const TENSOR = "blocks.0.norm1.weight";

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const channel = () => {
  const { port1, port2 } = new MessageChannel();
  return { here: port1, there: transfer(port2, [port2]) };
};

/** A models worker with the family open, as the page has it. */
interface Window {
  readonly models: Remote<ModelsApi>;
  readonly made: Remote<CheckpointApi>;
  readonly library: LibraryCard;
  readonly heard: WorkerEvent[];
  close(): void;
}

const windows: Window[] = [];
let job = 0;

async function openWindow(isKeeping = true): Promise<Window> {
  const worker = new Worker(new URL("./models.worker.ts", import.meta.url), { type: "module" });
  const models = wrap<ModelsApi>(worker);
  const heard: WorkerEvent[] = [];
  const events = channel();
  events.here.onmessage = ({ data }) => heard.push(data);
  await models.connect(events.there, channel().there);
  const library = await models.openZoo(++job, FAMILY);
  const port = channel();
  await models.lend(port.there);
  await models.setKeeping(isKeeping);
  const window = {
    models,
    made: wrap<CheckpointApi>(port.here),
    library,
    heard,
    close: () => worker.terminate(),
  };
  windows.push(window);
  return window;
}

const store = fileStore("kept");
const trained = (run: string, step: number, label = "My Digits") => ({ run, label, task: "digits", step });

/** A checkpoint of an expert whose one trained tensor says which it is. */
async function train({ made, library }: Window, run: string, step: number, label?: string) {
  const { count = 0 } = library.tensors.find(({ name }) => name === TENSOR) ?? {};
  const tensors = new Map([[TENSOR, new Float32Array(count).fill(step)]]);
  return made.addTrained({ ...trained(run, step, label), tensors });
}

async function measure({ made, library }: Window) {
  const { count = 0, shape = [] } = library.tensors.find(({ name }) => name === TENSOR) ?? {};
  return made.addEvidence({
    of: { expert: "digits" },
    about: { kind: "fisher", expert: "digits", task: "digits", examples: 1, options: {} },
    tensors: [{ name: TENSOR, shape, values: new Float32Array(count).fill(0.5) }],
  });
}

async function damage(key: string): Promise<void> {
  const file = await store.get(key);
  const bytes = new Uint8Array((await file?.arrayBuffer()) ?? new ArrayBuffer());
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
  await store.put(key, [bytes]);
}

beforeAll(installErrorHandler);
beforeEach(() => store.clear());
afterEach(() => {
  for (const window of windows.splice(0)) window.close();
});

describe("what was made here", () => {
  test("is there again when its worker has died: experts by step, evidence, and recipes that name them", async () => {
    const first = await openWindow();
    await train(first, "run-1", 20);
    const expert = await train(first, "run-1", 40);
    const evidence = await measure(first);
    first.close();

    const { models, made, library } = await openWindow();
    expect(await models.restore()).toEqual({ experts: [expert], evidence: [evidence], damaged: [] });
    const { tensors } = await made.load({ expert: "my-digits", step: 20 }, [TENSOR]);
    expect(tensors.get(TENSOR)?.every((value) => value === 20)).toBe(true);
    const recipe = defaultRecipe({ ...library, experts: [...library.experts, expert] }, "linear");
    expect((await models.merge(++job, recipe, "live")).tensors).toHaveLength(library.tensors.length);
    // The same training goes on in the same expert.
    const grown = await train({ ...first, made, library }, "run-1", 60);
    expect(grown.checkpoints.map(({ step }) => step)).toEqual([20, 40, 60]);
  });

  test("is listed with its size, and can be deleted one by one, while what is open stays", async () => {
    const window = await openWindow();
    await train(window, "run-1", 20);
    await train(window, "run-1", 40);
    const { id } = await measure(window);
    const { models, made, library } = window;
    const [expert, evidence] = await models.kept();
    expect(expert).toMatchObject({
      kind: "expert",
      label: "My Digits",
      steps: [20, 40],
      base: library.base.id,
    });
    expect(evidence).toMatchObject({ kind: "evidence", id, about: { expert: "digits" } });
    expect(expert?.keys).toHaveLength(2);
    expect(expert?.bytes).toBeGreaterThan(0);
    await models.removeKept(expert?.keys ?? []);
    expect(await models.kept()).toEqual([evidence]);
    expect((await made.load({ expert: "my-digits" }, [TENSOR])).step).toBe(40);
    await models.clearKept();
    expect(await models.kept()).toEqual([]);
  });

  test("goes for good when it is forgotten", async () => {
    const { models, ...rest } = await openWindow();
    await train({ models, ...rest }, "run-1", 20);
    const { id } = await measure({ models, ...rest });
    await models.forget("my-digits");
    await models.forgetEvidence(id);
    expect(await models.kept()).toEqual([]);
  });

  test("is not kept unless that is wished, and all of it is once it is", async () => {
    const window = await openWindow(false);
    await train(window, "run-1", 20);
    await measure(window);
    expect(await window.models.kept()).toEqual([]);
    await window.models.setKeeping(true);
    expect((await window.models.kept()).map(({ kind }) => kind)).toEqual(["expert", "evidence"]);
  });

  test("stays in memory when there is no room, and why is told", async () => {
    const window = await openWindow();
    // A folder in the way stands for a storage that refuses.
    const root = await navigator.storage.getDirectory();
    await root.removeEntry("kept", { recursive: true }).catch(() => {});
    await root.getFileHandle("kept", { create: true });
    const { id } = await train(window, "run-1", 20);
    await vi.waitFor(() =>
      expect(window.heard).toContainEqual(
        expect.objectContaining({
          type: "kept",
          failure: expect.objectContaining({ code: "storage/unavailable" }),
        }),
      ),
    );
    expect((await window.made.load({ expert: id }, [TENSOR])).step).toBe(20);
    await root.removeEntry("kept");
  });
});

describe("two windows", () => {
  test("give experts of one name different ids, and each brings back both", async () => {
    const [one, other] = [await openWindow(), await openWindow()];
    const made = await Promise.all([train(one, "run-1", 20), train(other, "run-2", 20)]);
    expect(made.map(({ id }) => id).sort()).toEqual(["my-digits", "my-digits-2"]);
    const late = await openWindow();
    const { experts } = await late.models.restore();
    expect(experts).toHaveLength(2);
    for (const card of made) expect(experts).toContainEqual(card);
  });

  test("write the same at once, and delete what the other has open, without harm", async () => {
    const [one, other] = [await openWindow(), await openWindow()];
    await Promise.all([measure(one), measure(other)]);
    const [only, ...more] = await one.models.kept();
    expect(more).toEqual([]);
    await other.models.removeKept(only?.keys ?? []);
    expect(await one.models.kept()).toEqual([]);
    await one.models.setKeeping(false);
    await one.models.setKeeping(true);
    expect(await other.models.kept()).toEqual([only && { ...only, savedAt: expect.any(Number) }]);
  });
});

describe("files that are not as they were", () => {
  test("are left out and named when their content has changed, and can be made again", async () => {
    const first = await openWindow();
    await train(first, "run-1", 20);
    await measure(first);
    const [key = ""] = (await first.models.kept())[0]?.keys ?? [];
    await damage(key);
    const second = await openWindow();
    const restored = await second.models.restore();
    expect(restored.damaged).toEqual([key]);
    expect(restored.experts).toEqual([]);
    expect(restored.evidence).toHaveLength(1);
    await train(second, "run-1", 20);
    expect((await (await openWindow()).models.restore()).damaged).toEqual([]);
  });

  test("are listed as unreadable when they are none of ours, and go with everything", async () => {
    const { models } = await openWindow();
    await store.put("strange", [Uint8Array.of(1, 2, 3)]);
    expect(await models.restore()).toEqual({ experts: [], evidence: [], damaged: [] });
    expect(await models.kept()).toMatchObject([{ kind: "unreadable", keys: ["strange"], bytes: 3 }]);
    await models.removeKept(["strange"]);
    expect(await models.kept()).toEqual([]);
  });
});
