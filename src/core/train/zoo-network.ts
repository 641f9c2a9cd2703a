/** A zoo family as what the trainer takes: a network per task, and labelled examples. */
import { exampleShape, type InputSpec } from "../eval/input.ts";
import { type EvalTask, type Examples, gatherRows } from "../eval/suite.ts";
import type { TrunkParts } from "../eval/trunk.ts";
import { parseOnnx } from "../formats/onnx.ts";
import type { LabelledData, Network } from "./network.ts";

/** Returns the family's graph with the task's frozen head. @throws AppError file/…, model/unknown-task */
export function networkOf(
  { skeleton, heads, input, logits }: TrunkParts,
  task: Pick<EvalTask, "id" | "classes">,
): Network {
  return {
    model: parseOnnx(skeleton.graph, task.id),
    weights: skeleton.weights,
    input: { name: input.name, shape: exampleShape(input) },
    logits,
    classes: task.classes.length,
    constants: heads.of(task.id),
  };
}

/** Returns examples as they are, without augmentation: the same in every draw. */
export function labelledData(examples: Examples, input: InputSpec): LabelledData {
  return {
    count: examples.count,
    labels: examples.labels,
    rows: (indices) => gatherRows(examples, input, indices),
  };
}
