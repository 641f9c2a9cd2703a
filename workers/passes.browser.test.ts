/** DOGE's optimisation in the optimise worker, with the real models worker and zoo. */
import { type Remote, transfer, wrap } from "comlink";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { adamergingSpec } from "#core/adamerging/spec.ts";
import { defaultRecipe } from "#core/recipe/default.ts";
import { setLambda, setMethodParam } from "#core/recipe/edit.ts";
import type { Recipe } from "#core/recipe/schema.ts";
import type { ModelsApi, WorkerEvent } from "./protocol/api.ts";
import { installErrorHandler } from "./protocol/errors.ts";
import type { OptimiseApi } from "./protocol/optimise.ts";

const FAMILY = new URL("/zoo/vision/family.json", location.href).href;

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

/** A window's three workers, without the evaluation. */
interface Window {
  readonly models: Remote<ModelsApi>;
  readonly optimise: Remote<OptimiseApi>;
  readonly workers: readonly Worker[];
}

const heard: WorkerEvent[] = [];
const open: Window[] = [];
let window_: Window;
let doge: Recipe;
let job = 0;

const channel = () => {
  const { port1, port2 } = new MessageChannel();
  return { here: port1, there: transfer(port2, [port2]) };
};

async function openWindow(): Promise<Window> {
  const workers = [
    new Worker(new URL("./models.worker.ts", import.meta.url), { type: "module" }),
    new Worker(new URL("./optimise.worker.ts", import.meta.url), { type: "module" }),
  ] as const;
  const models = wrap<ModelsApi>(workers[0]);
  const optimise = wrap<OptimiseApi>(workers[1]);
  await models.connect(channel().there, channel().there);
  const events = channel();
  events.here.onmessage = ({ data }) => heard.push(data);
  const lent = channel();
  await optimise.connect(events.there, transfer(lent.here, [lent.here]));
  await models.lend(lent.there);
  const made = { models, optimise, workers };
  open.push(made);
  return made;
}

beforeAll(async () => {
  installErrorHandler();
  window_ = await openWindow();
  const library = await window_.models.openZoo(++job, FAMILY);
  doge = setMethodParam(defaultRecipe(library, "doge"), "steps", 12);
});

beforeEach(() => {
  heard.length = 0;
});

afterAll(() => {
  for (const { workers } of open) for (const worker of workers) worker.terminate();
});

const content = async ({ models }: Window, recipe: Recipe) =>
  (await models.export(++job, recipe, "safetensors")).content;

/** The merge by a models worker that makes the pass itself. */
async function inProcess(recipe: Recipe): Promise<string> {
  const other = await openWindow();
  await other.models.openZoo(++job, FAMILY);
  return content(other, recipe);
}

const losses = (of: number) =>
  heard.flatMap((event) => (event.type === "trace" && event.job === of ? event.points : []));

describe("a long pass", () => {
  test("made in the optimise worker gives the very model that the models worker makes by itself", async () => {
    const { models, optimise } = window_;
    expect(await models.longPass(++job, doge)).toMatchObject({ isKnown: false, steps: 12 });
    const opened = await optimise.openPass(++job, doge);
    expect(opened.losses).toEqual([]);
    expect(opened.layers.length).toBeGreaterThan(10);
    expect(opened.layers[0]?.energy).toHaveLength(4);
    expect(opened.bytes).toBeGreaterThan(1e6);
    const running = ++job;
    const made = await optimise.runPass(running, doge);
    expect(made.map(({ name }) => name)).toEqual(opened.layers.map(({ name }) => name));
    expect(made.every(({ length, inside }) => length > 0 && inside >= 0 && inside < 0.5)).toBe(true);
    await vi.waitFor(() =>
      expect(losses(running).map(({ at }) => at)).toEqual(Array.from({ length: 12 }, (_, i) => i)),
    );
    expect(losses(running).at(-1)?.value).toBeLessThan(losses(running)[0]?.value ?? 0);
    expect(await models.longPass(++job, setLambda(doge, 0.5))).toMatchObject({ isKnown: true });
    expect(await content(window_, doge)).toBe(await inProcess(doge));
  });

  test("goes on from the steps that were taken, and starts anew for fewer", async () => {
    const { optimise } = window_;
    const longer = setMethodParam(doge, "steps", 20);
    expect((await optimise.openPass(++job, longer)).losses).toHaveLength(12);
    await optimise.runPass(++job, longer);
    expect(await content(window_, longer)).toBe(await inProcess(longer));
    expect((await optimise.openPass(++job, setMethodParam(doge, "steps", 4))).losses).toEqual([]);
  });

  test("stands still when it is asked to, is kept as it is, and hears a cancel meanwhile", async () => {
    const { optimise } = window_;
    const long = setMethodParam(doge, "steps", 2000);
    await optimise.openPass(++job, long);
    const running = ++job;
    const ended = optimise.runPass(running, long).catch((error: Error) => error.name);
    const step = await optimise.pausePass(true);
    expect(step).toBeLessThan(2000);
    expect(await optimise.pausePass(true)).toBe(step);
    await optimise.cancel(running);
    expect(await ended).toBe("AbortError");
    const kept = setMethodParam(doge, "steps", step);
    expect((await optimise.openPass(++job, kept)).losses).toHaveLength(step);
    await optimise.runPass(++job, kept);
    expect(await content(window_, kept)).toBe(await inProcess(kept));
  });
});

test("coefficients are found for what DOGE makes of each expert", async () => {
  const { optimise } = window_;
  const own = setMethodParam(setMethodParam(doge, "modification", "expert"), "strengths", "weights");
  const experts = own.experts.slice(0, 2).map(({ id }) => ({ expert: id }));
  const outcome = await optimise.start(++job, {
    kind: "adamerge",
    experts,
    spec: adamergingSpec.parse({ steps: 2, batch: 4 }),
    of: own,
  });
  if (outcome.kind !== "coefficients") throw new Error(outcome.kind);
  expect(outcome.of).toEqual(own);
  const names = [...(outcome.coefficients[0]?.tensors.keys() ?? [])];
  expect(names.some((name) => name.includes("norm"))).toBe(false);
  expect(names.length).toBeGreaterThan(10);
});
