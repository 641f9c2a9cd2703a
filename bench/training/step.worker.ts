/** Makes training steps with one engine on so many threads; every engine has a worker of its own. */
import { defaultDevice, init } from "@jax-js/jax";
import { expose } from "comlink";
import * as ort from "onnxruntime-web/wasm";
import { runner } from "../../workers/session.ts";
import { openFamily } from "../../workers/zoo-family.ts";
import { jaxStepper } from "./jax.ts";
import { type NetworkId, timedNetworks } from "./networks.ts";
import { type Step, stepper } from "./step.ts";

export type Engine = "ours" | "jax";

export interface StepResult {
  readonly loss: number;
  readonly milliseconds: number;
}

const steps = new Map<NetworkId, Step>();

const api = {
  /** @param family address of the zoo family's folder */
  async open(engine: Engine, threads: number, family: string): Promise<void> {
    if (engine === "jax") await startJax(threads);
    else ort.env.wasm.numThreads = threads;
    for (const timed of await timedNetworks(await openFamily(family))) {
      steps.set(timed.id, engine === "jax" ? jaxStepper(timed) : stepper(timed, runner));
    }
  },

  async step(id: NetworkId): Promise<StepResult> {
    const step = steps.get(id);
    if (!step) throw new Error(`no network ${id}`);
    const begin = performance.now();
    const loss = await step();
    return { loss, milliseconds: performance.now() - begin };
  },
};

export type StepApi = typeof api;

expose(api);

/** jax-js starts as many threads as the processor has cores; there is no other way to tell it. */
async function startJax(threads: number): Promise<void> {
  Object.defineProperty(navigator, "hardwareConcurrency", { value: threads });
  await init("wasm");
  defaultDevice("wasm");
}
