/** A family's private tensors: inputs of its graph that no merge touches, shared or one per task. */
import { AppError } from "../errors.ts";
import type { ModelFile } from "../formats/format.ts";
import type { GraphTensor, NamedTensors } from "../graph-runner.ts";
import { isFloat } from "../tensor/dtype.ts";
import type { TensorSpec } from "../tensor/tensor.ts";

/** A head's tensor as it is stored: the graph's input it fills, and its name in the heads file. */
export interface HeadTensor {
  readonly input: string;
  readonly stored: TensorSpec;
}

/** What each task's model gets beside weights and examples. */
export interface Heads {
  /** The graph's inputs that heads fill. */
  readonly inputs: readonly string[];
  /** Returns the task's tensors by input; read-only. @throws AppError model/unknown-task */
  of(task: string): NamedTensors;
}

/** The heads of a family without any. */
export const noHeads: Heads = { inputs: [], of: () => ({}) };

/**
 * Finds the tensors of one task's head: `<input>.<task>`, and whatever ends in no task's id, for all of them. Integers
 * are notes on how the heads were made (which examples gave the prototypes) and no input of a graph.
 *
 * @param tasks ids of all tasks
 */
export function headTensors(
  tensors: ReadonlyMap<string, TensorSpec>,
  tasks: readonly string[],
  task: string,
): readonly HeadTensor[] {
  return [...tensors.values()].flatMap((stored) => {
    if (!isFloat(stored.dtype)) return [];
    const owner = tasks.find((id) => stored.name.endsWith(`.${id}`));
    if (owner === undefined) return [{ input: stored.name, stored }];
    return owner === task ? [{ input: stored.name.slice(0, -owner.length - 1), stored }] : [];
  });
}

/**
 * Reads a heads file.
 *
 * @throws AppError file/malformed when a task lacks a tensor that another has
 */
export async function readHeads(file: ModelFile, tasks: readonly string[]): Promise<Heads> {
  const byTask = new Map<string, NamedTensors>();
  const shared = new Map<string, GraphTensor>();
  const inputs = new Set<string>();
  for (const task of tasks) {
    const own: Record<string, GraphTensor> = {};
    for (const { input, stored } of headTensors(file.tensors, tasks, task)) {
      inputs.add(input);
      const known = shared.get(stored.name) ?? { data: await file.load(stored.name), shape: stored.shape };
      shared.set(stored.name, known);
      own[input] = known;
    }
    byTask.set(task, own);
  }
  for (const [task, own] of byTask) {
    for (const input of inputs) if (!own[input]) throw missing(file, input, task);
  }
  return {
    inputs: [...inputs],
    of(task) {
      const own = byTask.get(task);
      if (!own) throw new AppError("model/unknown-task", `The task “${task}” has no head.`, { task });
      return own;
    },
  };
}

function missing(file: ModelFile, input: string, task: string): AppError {
  const tensor = `${input}.${task}`;
  return new AppError("file/malformed", `${file.name}: ${tensor} is missing`, { file: file.name, tensor });
}
