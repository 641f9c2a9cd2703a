/** What a family brings for gradients: a network for each task, and its labelled examples. */

import { AppError } from "../errors.ts";
import { noHeads, readHeads } from "../eval/heads.ts";
import { suiteOf } from "../eval/open-evaluator.ts";
import { Skeleton } from "../eval/skeleton.ts";
import { type EvalSuite, type EvalTask, readExamples } from "../eval/suite.ts";
import type { TrunkParts } from "../eval/trunk.ts";
import type { GraphRunner } from "../graph-runner.ts";
import { ContentHasher, contentIdOf } from "../model/content-id.ts";
import type { TensorSpec } from "../tensor/tensor.ts";
import { examplesPath, type FamilyFiles, type ZooSplit } from "../zoo.ts";
import { type Gradients, openGradients } from "./gradients.ts";
import type { LabelledData, Network } from "./network.ts";
import { labelledData, networkOf } from "./zoo-network.ts";

/** Examples with the content id of their file, which names them for good. */
export interface NamedData extends LabelledData {
  readonly id: string;
}

export class Workbench {
  readonly suite: EvalSuite;
  readonly #files: FamilyFiles;
  readonly #runner: GraphRunner;
  readonly #parts: TrunkParts;
  readonly #data = new Map<string, Promise<NamedData>>();

  constructor(files: FamilyFiles, runner: GraphRunner, parts: TrunkParts) {
    this.suite = suiteOf(files.family);
    this.#files = files;
    this.#runner = runner;
    this.#parts = parts;
  }

  /** The weights of every task's network, f32. */
  get weights(): readonly TensorSpec[] {
    return this.#parts.skeleton.weights;
  }

  get runner(): GraphRunner {
    return this.#runner;
  }

  /** @throws AppError model/unknown-task, file/… */
  network(task: string): Network {
    return networkOf(this.#parts, this.#task(task));
  }

  /** Names a task's frozen head by its content; empty where it has none. @throws AppError model/unknown-task */
  headId(task: string): string {
    const hasher = new ContentHasher();
    const tensors = Object.entries(this.network(task).constants);
    for (const [name, { data, shape }] of tensors) {
      const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
      hasher.add({ name, dtype: data instanceof Float32Array ? "f32" : "i64", shape }, bytes);
    }
    return tensors.length === 0 ? "" : hasher.id();
  }

  /** Gradients of a task's network; the caller closes them. @throws AppError model/unknown-task */
  gradients(task: string): Gradients {
    return openGradients(this.#runner, this.network(task));
  }

  /** All examples of a split; read once. @throws AppError model/unknown-task, zoo/unavailable, file/malformed */
  data(task: string, split: ZooSplit): Promise<NamedData> {
    const path = examplesPath(this.#task(task).id, split);
    const known = this.#data.get(path);
    if (known) return known;
    const reading = this.#read(path, this.#task(task)).catch((error: unknown) => {
      this.#data.delete(path);
      throw error;
    });
    this.#data.set(path, reading);
    return reading;
  }

  /** All examples that may be learned from: the training split, or the few shots where there is no other. */
  training(task: string): Promise<NamedData> {
    const { n } = this.#files.family.tasks.find(({ id }) => id === task) ?? {};
    return this.data(task, n && (n.train ?? 0) > n.fewShot ? "train" : "fewShot");
  }

  async #read(path: string, { classes }: EvalTask): Promise<NamedData> {
    const file = await this.#files.open(path);
    const examples = await readExamples(file, this.suite.input, classes.length);
    return { ...labelledData(examples, this.suite.input), id: await contentIdOf(file) };
  }

  #task(id: string): EvalTask {
    const task = this.suite.tasks.find((candidate) => candidate.id === id);
    if (!task) throw new AppError("model/unknown-task", `The suite has no task “${id}”.`, { task: id });
    return task;
  }
}

/** Reads a family's graph and heads; examples are read when they are needed. @throws AppError zoo/unavailable, file/… */
export async function openWorkbench(files: FamilyFiles, runner: GraphRunner): Promise<Workbench> {
  const { family } = files;
  const taskIds = family.tasks.map(({ id }) => id);
  const [graph, heads] = await Promise.all([
    files.bytes(family.skeleton),
    family.heads ? files.open(family.heads.file).then((file) => readHeads(file, taskIds)) : noHeads,
  ]);
  const { input } = suiteOf(family);
  const skeleton = new Skeleton(graph, family.skeleton, [input.name, ...heads.inputs]);
  return new Workbench(files, runner, { skeleton, heads, input, logits: family.logits });
}
