/** The zoo's vision family with its weights in memory, ready for gradients. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { openZooFolder } from "../cli/zoo-folder.ts";
import type { Estimate, Proportion } from "../src/core/eval/report.ts";
import type { GraphRunner } from "../src/core/graph-runner.ts";
import { ZooLibrary } from "../src/core/library/zoo-library.ts";
import type { Graftable } from "../src/core/localise/graft.ts";
import { deltaOf, included } from "../src/core/localise/include.ts";
import type { Checkpoint } from "../src/core/model/library.ts";
import type { WeightValues } from "../src/core/train/gradients.ts";
import { openWorkbench, type Workbench } from "../src/core/train/workbench.ts";
import { simdKernels } from "../src/kernels/simd.ts";
import { DATA, ROOT } from "../zoo/stage.ts";

/** The zoo that the app ships; a freshly built one where only that has TaLoS experts. */
export function zooFolder(): string {
  const [shipped, built] = [join(ROOT, "public/zoo"), join(DATA, "shipped")];
  return !existsSync(join(shipped, "sparse")) && existsSync(join(built, "sparse")) ? built : shipped;
}

/** One expert over its base, as localisation takes it; close its gradients. */
export interface OpenedExpert extends Graftable {
  readonly task: string;
  readonly step: number;
  readonly checkpoint: Checkpoint;
}

export class OpenZoo {
  readonly bench: Workbench;
  readonly library: ZooLibrary;
  readonly base: WeightValues;

  /** @param runner of the gradients */
  static async open(folder: string, runner: GraphRunner): Promise<OpenZoo> {
    const files = await openZooFolder(folder);
    const [bench, library] = [
      await openWorkbench(files, runner),
      await ZooLibrary.open(files, simdKernels()),
    ];
    return new OpenZoo(bench, library, await weightsOf(library.base, bench));
  }

  private constructor(bench: Workbench, library: ZooLibrary, base: WeightValues) {
    this.bench = bench;
    this.library = library;
    this.base = base;
  }

  /** @param step the last unless told */
  async expert(id: string, step?: number): Promise<OpenedExpert> {
    const expert = this.library.expert(id);
    const last = step ?? expert?.steps.at(-1);
    if (!expert?.task || last === undefined) throw new Error(`the zoo has no expert ${id}`);
    const checkpoint = await expert.checkpoint(last);
    const weights = await weightsOf(checkpoint, this.bench);
    return {
      task: expert.task,
      step: last,
      checkpoint,
      gradients: this.bench.gradients(expert.task),
      base: this.base,
      delta: deltaOf(this.base, weights, included(this.bench.weights)),
    };
  }
}

/** ".943 (.932–.952, n 2000)" */
export function showProportion({ k, n, low, high }: Proportion): string {
  return `${showShare(k / n)} (${showShare(low)}–${showShare(high)}, n ${n})`;
}

/** ".868 (.861–.875)" */
export function showEstimate({ value, low, high }: Pick<Estimate, "value" | "low" | "high">): string {
  return `${showShare(value)} (${showShare(low)}–${showShare(high)})`;
}

/** Three digits after the point and none before it. */
export function showShare(value: number): string {
  return value.toFixed(3).replace(/^(-?)0\./, "$1.");
}

async function weightsOf(checkpoint: Checkpoint, bench: Workbench): Promise<WeightValues> {
  const weights = new Map<string, Float32Array>();
  for (const { name } of bench.weights) weights.set(name, await checkpoint.load(name));
  return weights;
}
