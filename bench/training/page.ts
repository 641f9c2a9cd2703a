/** Lets the engines make steps in turns, each in a worker of its own, and hands the numbers to whoever drives the page. */
import { wrap } from "comlink";
import { type Spent, takeTurns } from "../turns.ts";
import type { NetworkId } from "./networks.ts";
import type { Engine, StepApi } from "./step.worker.ts";

/** What one network gave. */
export interface Measured {
  readonly id: NetworkId;
  /** By engine and threads: "ours 1", "jax 2". */
  readonly spent: readonly (readonly [name: string, spent: Spent])[];
  /** Of the first steps, before anything is timed. */
  readonly losses: readonly (readonly [name: string, losses: readonly number[]])[];
}

const networks: readonly NetworkId[] = ["mlp", "cnn", "vit"];
const THREADS = [1, 2];
const FIRST_STEPS = 4;

async function open(engine: Engine, threads: number) {
  const worker = new Worker(new URL("./step.worker.ts", import.meta.url), { type: "module" });
  const api = wrap<StepApi>(worker);
  await api.open(engine, threads, new URL("/zoo/vision/", location.href).href);
  return { name: `${engine} ${threads}`, api };
}

async function measure(rounds: number): Promise<readonly Measured[]> {
  const engines = [];
  for (const threads of THREADS) {
    engines.push(await open("ours", threads), await open("jax", threads));
  }
  const found: Measured[] = [];
  for (const id of networks) {
    const losses = [];
    for (const { name, api } of engines) {
      const own: number[] = [];
      for (let step = 0; step < FIRST_STEPS; step++) own.push((await api.step(id)).loss);
      losses.push([name, own] as const);
    }
    const variants = engines.map(
      ({ name, api }) => [name, async () => (await api.step(id)).milliseconds] as const,
    );
    found.push({ id, losses, spent: [...(await takeTurns(Object.fromEntries(variants), rounds))] });
  }
  return found;
}

Object.assign(globalThis, { measure });
